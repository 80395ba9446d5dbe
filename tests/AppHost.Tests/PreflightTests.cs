using System.Net;
using System.Net.Sockets;
using SecureShop.EmbeddedServers;

namespace SecureShop.AppHost.Tests;

public sealed class PreflightTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_port_that_another_program_has_is_named_before_anything_starts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var builder = DistributedApplication.CreateBuilder();
        var resource = builder.AddExecutable("door", "sh", "/").WithEndpoint(port: port, name: "shop", isProxied: false);

        var taken = Assert.Throws<SetupException>(() => Preflight.CheckPorts(builder, dashboard: false));
        Assert.Equal($"Port {port} of door is taken: stop the program that listens there, or choose another port with --Ports:Shop.", taken.Message);

        listener.Stop();
        Preflight.CheckPorts(builder, dashboard: false);
        resource.WithEndpoint("shop", endpoint => endpoint.Port = null);
        Preflight.CheckPorts(builder, dashboard: false);
    }

    [Fact]
    public void A_port_of_the_dashboard_counts_where_there_is_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var builder = DistributedApplication.CreateBuilder([$"--ASPNETCORE_URLS=https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"]);

        Assert.Throws<SetupException>(() => Preflight.CheckPorts(builder, dashboard: true));
        Preflight.CheckPorts(builder, dashboard: false);
    }

    [Theory]
    [InlineData("not a number")]
    [InlineData("")]
    [InlineData("2147483000")]
    public async Task A_file_of_a_server_that_is_gone_keeps_nobody_waiting(string process)
    {
        await File.WriteAllTextAsync(_folder.For("postmaster.pid"), process, TestContext.Current.CancellationToken);

        await Preflight.AwaitFormerPostgresAsync(_folder.Root, _said.Add);

        Assert.Empty(_said);
    }

    [Fact]
    public async Task A_file_that_names_another_programs_process_keeps_nobody_waiting()
    {
        await File.WriteAllTextAsync(_folder.For("postmaster.pid"), $"{Environment.ProcessId}\n", TestContext.Current.CancellationToken);

        await Preflight.AwaitFormerPostgresAsync(_folder.Root, _said.Add);

        Assert.Empty(_said);
    }

    [Fact]
    public async Task Damaged_data_is_told_and_whole_data_is_not()
    {
        _folder.Script("postgres", "exit 0");
        _folder.Script("pg_controldata", """[ -s "$2/PG_VERSION" ] || { echo "could not read file" >&2; exit 2; }""");
        Directory.CreateDirectory(_folder.For("data"));
        var binaries = new PostgresBinaries(_folder.Root, 18);

        await Preflight.CheckDataAsync(_folder.For("data"), binaries);
        await File.WriteAllTextAsync(_folder.For("data/PG_VERSION"), "18", TestContext.Current.CancellationToken);
        await Preflight.CheckDataAsync(_folder.For("data"), binaries);
        await File.WriteAllTextAsync(_folder.For("data/PG_VERSION"), "", TestContext.Current.CancellationToken);

        var damaged = await Assert.ThrowsAsync<SetupException>(() => Preflight.CheckDataAsync(_folder.For("data"), binaries));
        Assert.Contains("is damaged (could not read file)", damaged.Message, StringComparison.Ordinal);
    }
}
