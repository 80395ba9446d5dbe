using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SecureShop.EmbeddedServers;

/// <summary>Asks a Redis whether it serves: over TLS, with the password.</summary>
internal static class RedisProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Whether it answers; false while nobody listens yet.</summary>
    /// <exception cref="SetupException">Somebody answers, but not our server or not with our password.</exception>
    public static async Task<bool> AnswersAsync(int port, string password, CertificateFiles certificate, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("localhost", port, limit.Token);
            await using var tls = new SslStream(client.GetStream());
            using var authority = X509CertificateLoader.LoadCertificateFromFile(certificate.CertificatePath);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    CertificateChainPolicy = new()
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { authority },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
                limit.Token);
            await tls.WriteAsync(Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${password.Length}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(tls, Encoding.ASCII);
            var entered = await reader.ReadLineAsync(limit.Token);
            if (entered is not "+OK")
                throw new SetupException($"Redis refuses the password that it was given: {entered}");
            return await reader.ReadLineAsync(limit.Token) is "+PONG";
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return false;
        }
        catch (AuthenticationException problem)
        {
            throw new SetupException($"Redis on port {port} has another certificate than it was given: {problem.Message}", problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
