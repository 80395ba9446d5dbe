using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Xunit;

namespace SecureShop.Testing;

/// <summary>Finds out which cipher suites a server takes. Where the platform decides that, no program can ask for one.</summary>
public static class CipherProbe
{
    /// <summary>Suites and whether a server is to take them: those with forward secrecy and authenticated encryption.</summary>
    public static TheoryData<SslProtocols, TlsCipherSuite, bool> Suites { get; } = new()
    {
        { SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256, true },
        { SslProtocols.Tls13, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, true },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, false },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, false },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false },
        { SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, false },
    };

    /// <summary>Whether a client that knows this suite alone gets a connection.</summary>
    [UnsupportedOSPlatform("windows")]
    [UnsupportedOSPlatform("android")]
    public static async Task<bool> IsTakenAsync(Uri server, SslProtocols protocol, TlsCipherSuite suite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, CipherSuitesPolicy = new([suite]), CertificateChainPolicy = TestCertificate.TrustOnly(TestCertificate.Leaf) },
                cancellationToken);
            return tls.NegotiatedCipherSuite == suite;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }
}
