using System.Diagnostics;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SecureShop.Bench.Load;

/// <summary>Keeps a fixed number of requests under way, each connection sending its next when the last was answered.</summary>
/// <param name="connections">How many.</param>
/// <param name="trust">Whose certificates to believe, where not the machine's.</param>
internal sealed class LoadGenerator(int connections, X509ChainPolicy? trust = null) : IDisposable
{
    private static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
    });

    public async Task<Sample> RunAsync(Uri address, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var callers = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => CallAsync(address, started, duration)));
        return new Sample(
            Stopwatch.GetElapsedTime(started).TotalSeconds,
            [.. callers.SelectMany(caller => caller.Milliseconds).Order()],
            callers.Sum(caller => caller.Failed));
    }

    public void Dispose() => _http.Dispose();

    private async Task<(List<double> Milliseconds, int Failed)> CallAsync(Uri address, long started, TimeSpan duration)
    {
        var milliseconds = new List<double>();
        var failed = 0;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            using var limit = new CancellationTokenSource(LongestRequest);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await _http.SendAsync(request, limit.Token);
            await response.Content.CopyToAsync(Stream.Null, limit.Token);
            milliseconds.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (!response.IsSuccessStatusCode)
                failed++;
        }

        return (milliseconds, failed);
    }
}
