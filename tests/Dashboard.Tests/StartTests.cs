using System.Net;
using System.Net.Sockets;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var problem = await Assert.ThrowsAsync<IOException>(() => StartedDashboard.StartAsync(change: options => options with { Port = port }));

        Assert.Contains($"port {port}", problem.Message, StringComparison.Ordinal);
    }
}
