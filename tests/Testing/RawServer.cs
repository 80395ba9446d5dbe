using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace SecureShop.Testing;

/// <summary>Answers each connection with the same bytes over TLS, of which Kestrel would not send all, and closes it.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly byte[] answer;
    private readonly Task serving;

    /// <summary>One that says <paramref name="answer"/>, in Latin-1.</summary>
    public RawServer(string answer)
    {
        this.answer = Encoding.Latin1.GetBytes(answer);
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            using var socket = await listener.AcceptTcpClientAsync(stopping.Token);
            try
            {
                await using var tls = new SslStream(socket.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = TestCertificate.Leaf }, stopping.Token);
                using var reader = new StreamReader(tls, Encoding.Latin1, leaveOpen: true);
                while (await reader.ReadLineAsync(stopping.Token) is { Length: > 0 })
                {
                }

                await tls.WriteAsync(answer, stopping.Token);
                await tls.ShutdownAsync();
            }
            catch (Exception failure) when (failure is IOException or AuthenticationException)
            {
                // A caller that goes away; the next one comes.
            }
        }
    }
}
