using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.Testing;

/// <summary>Finds out which cipher suites a server takes. Where the platform decides that, no program can ask for one.</summary>
[UnsupportedOSPlatform("windows")]
[UnsupportedOSPlatform("android")]
public static class CipherProbe
{
    /// <summary>Whether a client that knows this suite alone gets a connection.</summary>
    public static async Task<bool> IsTakenAsync(Uri server, SslProtocols protocol, TlsCipherSuite suite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(server);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(TestCertificate.Leaf);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocol, CipherSuitesPolicy = new([suite]), CertificateChainPolicy = policy },
                cancellationToken);
            return tls.NegotiatedCipherSuite == suite;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }
}
