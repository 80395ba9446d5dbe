using System.Collections.Concurrent;
using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Tokens.Tests.Support;

/// <summary>Callers that get tokens from every server and show them to every API, without a pause, until they are disposed of.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int CallersPerServer = 2;

    /// <summary>So many rounds of a caller are enough to have met whatever a moment ago has changed.</summary>
    private const int Enough = 15;

    private readonly IReadOnlyList<ApiReplica> apis;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<string> refused = [];
    private readonly List<Caller> callers;
    private bool ended;

    private Load(IReadOnlyList<IdentityHost> servers, IReadOnlyList<ApiReplica> apis, TimeProvider clock)
    {
        (this.apis, this.clock) = (apis, clock);
        callers = [.. servers.SelectMany(server => Enumerable.Range(0, CallersPerServer).Select(_ => new Caller(server)))];
        callers.ForEach(caller => caller.Running = RunAsync(caller));
    }

    /// <summary>What became of tokens that were good when they came back refused.</summary>
    public IReadOnlyCollection<string> Refused => refused;

    public static Load Start(IReadOnlyList<IdentityHost> servers, IReadOnlyList<ApiReplica> apis, TimeProvider clock) => new(servers, apis, clock);

    /// <summary>Waits until each caller has gone round a number of times more.</summary>
    public Task GoOnAsync() => Task.WhenAll(callers.Select(caller => Task.WhenAny(caller.RoundsFromNow(Enough), caller.Running).Unwrap()));

    public async ValueTask DisposeAsync()
    {
        if (ended)
            return;
        ended = true;
        await stop.CancelAsync();
        await Task.WhenAll(callers.Select(caller => caller.Running));
        stop.Dispose();
    }

    private async Task RunAsync(Caller caller)
    {
        using var client = OAuthClient.Demo(caller.Server);
        var kept = "";
        while (!stop.IsCancellationRequested)
        {
            var token = (await client.TokenAsync(("grant_type", "client_credentials"))).IsGranted().Text("access_token");

            // One is kept to its end, past the change of keys.
            kept = IsGood(kept) ? kept : token;
            foreach (var api in apis)
            {
                await ShowAsync(api, token);
                await ShowAsync(api, kept);
            }

            caller.EndRound();
        }
    }

    private async Task ShowAsync(ApiReplica api, string token)
    {
        var status = await api.StatusAsync(token);
        if (status != HttpStatusCode.OK && IsGood(token))
            refused.Enqueue($"{status} for a token of key {Reading.Part(token, 0).Text("kid")}");
    }

    private bool IsGood(string token) => token.Length > 0 && clock.GetUtcNow().ToUnixTimeSeconds() < Reading.Part(token, 1).GetProperty("exp").GetInt64();

    private sealed class Caller(IdentityHost server)
    {
        private readonly Lock gate = new();
        private readonly List<(int Round, TaskCompletionSource Reached)> waiting = [];
        private int round;

        public IdentityHost Server => server;

        public Task Running { get; set; } = Task.CompletedTask;

        public Task RoundsFromNow(int more)
        {
            lock (gate)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Add((round + more, reached));
                return reached.Task;
            }
        }

        public void EndRound()
        {
            lock (gate)
            {
                round++;
                waiting.Where(one => one.Round == round).ToList().ForEach(one => one.Reached.SetResult());
            }
        }
    }
}
