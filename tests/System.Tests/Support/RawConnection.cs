using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SecureShop.SystemTests.Support;

/// <summary>Says to the gateway, inside TLS, what no HTTP client would.</summary>
internal static class RawConnection
{
    public static async Task<string> SendAsync(Place place, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, place.Shop.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = Trust.Policy(place.CertificatePath) },
            TestContext.Current.CancellationToken);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls, Encoding.ASCII);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
