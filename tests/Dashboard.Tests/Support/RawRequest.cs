using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>Sends bytes that no client of a library would send: other names, other forms.</summary>
internal static class RawRequest
{
    /// <summary>Sends and reads until the server closes or nothing more is to come.</summary>
    /// <param name="address">Where to; <c>{0}</c> in the request becomes its port.</param>
    /// <param name="request">The head of a request, which should ask for the connection to be closed.</param>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = PemCertificate.Policy() }, TestContext.Current.CancellationToken);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request.Replace("{0}", $"{address.Port}", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The status of a request under another name.</summary>
    public static async Task<string> StatusAsync(Uri address, string method, string path, string host, string? cookie = null) =>
        StatusOf(await SendAsync(address, $"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{(cookie is null ? "" : $"Cookie: {cookie}\r\n")}Connection: close\r\nContent-Length: 0\r\n\r\n"));

    public static string StatusOf(string answer) => answer.Split(' ')[1];
}
