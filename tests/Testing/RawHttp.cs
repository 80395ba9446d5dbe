using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SecureShop.Testing;

/// <summary>Says inside TLS what no HTTP client would, and shows every byte of the answer.</summary>
public static class RawHttp
{
    /// <summary>Sends a request of HTTP/1.1, given without the last empty line and with its body apart, and reads until the server closes the connection. <paramref name="half"/> says that nothing follows.</summary>
    public static async Task<string> SendAsync(Uri server, string request, CancellationToken cancellationToken, string body = "", bool half = false)
    {
        ArgumentNullException.ThrowIfNull(server);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = TestCertificate.TrustOnly(TestCertificate.Leaf) }, cancellationToken);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(request + "\r\nConnection: close\r\n\r\n" + body), cancellationToken);
        if (half)
            socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(tls, Encoding.Latin1);
        try
        {
            return await reader.ReadToEndAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        }
        catch (IOException) when (half)
        {
            // Nobody is answered who has hung up.
            return "";
        }
    }
}
