using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Limits over four gateways that are processes of their own, as they are deployed.</summary>
public sealed partial class LimitReplicaTests
{
    private const int Limit = 1_600;
    private const int Calls = 5_000;

    [Fact]
    [Trait("Practice", "P27")]
    public async Task Of_5000_racing_calls_at_four_gateways_exactly_the_limit_is_admitted()
    {
        var space = Guid.NewGuid().ToString("N");
        var replicas = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Replica.StartAsync(space)));
        var clients = replicas.Select(replica => replica.Client).ToArray();
        var answers = new ConcurrentBag<(int Replica, HttpStatusCode Status)>();
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (call, cancellation) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing") { Version = HttpVersion.Version20 };
            using var answer = await clients[call % 4].SendAsync(request, cancellation);
            answers.Add((call % 4, answer.StatusCode));
        });

        // All of it, with what each had taken ahead, and not one more.
        Assert.Equal(Calls, answers.Count(answer => answer.Status is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests));
        Assert.Equal(Limit, answers.Count(answer => answer.Status == HttpStatusCode.NotFound));
        Assert.Equal(4, answers.Where(answer => answer.Status == HttpStatusCode.NotFound).Select(answer => answer.Replica).Distinct().Count());
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    /// <summary>A gateway of its own, on a port that it chose.</summary>
    private sealed partial class Replica(ServerProcess process, HttpClient client) : IAsyncDisposable
    {
        public HttpClient Client => client;

        public static async Task<Replica> StartAsync(string space)
        {
            var gateway = typeof(Program).Assembly.Location;
            var start = new ProcessStartInfo(DotNetHost.Program, [gateway]) { WorkingDirectory = Path.GetDirectoryName(gateway) };
            (string Name, string Value)[] settings =
            [
                ("ASPNETCORE_URLS", "https://127.0.0.1:0"), ("Kestrel:Certificates:Default:Path", TestCertificate.Files.CertificatePath),
                ("Kestrel:Certificates:Default:KeyPath", TestCertificate.Files.KeyPath), ("Shop:Origin", $"https://{GatewayFactory.ShopHost}"),
                ("Identity:Issuer", TestTokens.Issuer), ("services:identity:https:0", "https://localhost:1"), ("services:catalog:https:0", "https://localhost:1"),
                ("services:orders:https:0", "https://localhost:1"), ("ServiceClient:Id", "gateway"), ("ServiceClient:Key", GatewayFactory.ClientKey), .. GatewayRedis.Settings, ("Limits:Space", space), .. TestLimits.Of("address_read", Limit, window: "1.00:00:00"),
            ];
            foreach (var (name, value) in settings)
                start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
            var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
            var process = await ServerProcess.StartAsync(start, "TERM", line =>
            {
                if (Listening().Match(line) is { Success: true } listening)
                    address.TrySetResult(new($"https://localhost:{listening.Groups["port"].Value}"));
            });
            var client = TestCertificate.Client(await address.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            client.DefaultRequestHeaders.Host = GatewayFactory.ShopHost;
            return new(process, client);
        }

        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return process.DisposeAsync();
        }

        [GeneratedRegex("Now listening on: https://127.0.0.1:(?<port>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Listening();
    }
}
