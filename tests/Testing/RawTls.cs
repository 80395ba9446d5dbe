using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SecureShop.Testing;

/// <summary>A connection over TLS on which a test says what it likes, when it likes.</summary>
public sealed class RawTls : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient socket;
    private readonly SslStream tls;

    private RawTls(TcpClient socket, SslStream tls) => (this.socket, this.tls) = (socket, tls);

    /// <summary>What is written and read.</summary>
    public Stream Stream => tls;

    /// <summary>Connects to <paramref name="server"/>, over HTTP/2 where that is asked for.</summary>
    public static async Task<RawTls> ConnectAsync(Uri server, CancellationToken cancellationToken, bool http2 = false)
    {
        ArgumentNullException.ThrowIfNull(server);
        var connected = new TcpClient();
        await connected.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        var secured = new SslStream(connected.GetStream());
        await secured.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                CertificateChainPolicy = TestCertificate.TrustOnly(TestCertificate.Leaf),
                ApplicationProtocols = [http2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
            },
            cancellationToken);
        return new(connected, secured);
    }

    /// <summary>Says this, in Latin-1.</summary>
    public async Task WriteAsync(string text, CancellationToken cancellationToken) => await tls.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    /// <summary>All that the server says until it closes the connection, which it has half a minute for.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        try
        {
            await tls.CopyToAsync(read, cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (IOException)
        {
            // Closed without a farewell.
        }

        return Encoding.Latin1.GetString(read.ToArray());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await tls.DisposeAsync();
        socket.Dispose();
    }
}
