using System.Diagnostics;
using System.Text;
using SecureShop.Bench.Gateway;
using SecureShop.Bench.Load;

namespace SecureShop.Bench.Catalog;

/// <summary>A read over HTTPS, and what came back.</summary>
/// <param name="name">What it is called.</param>
/// <param name="part">Who answers.</param>
/// <param name="path">What is read.</param>
internal sealed class HttpSubject(string name, Part part, string path)
{
    private readonly byte[] message = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n");
    private readonly List<(Sample Sample, double Cpu)> rounds = [];

    public int Failed => rounds.Sum(round => round.Sample.Failed);

    public IEnumerable<double> PerSecond => rounds.Select(round => round.Sample.PerSecond);

    public async Task RunAsync(int connections, int seconds, bool warmUp = false)
    {
        var callers = Enumerable.Range(0, connections).Select(_ => new Caller()).ToArray();
        await Task.WhenAll(callers.Select(caller => caller.ConnectAsync(part.Address)));
        var (cpu, began) = (part.Cpu(), Stopwatch.GetTimestamp());
        await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.CallAsync(message, began, TimeSpan.FromSeconds(seconds)))));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (!warmUp)
            rounds.Add((new(took, [.. callers.SelectMany(caller => caller.Milliseconds).Order()], callers.Sum(caller => caller.Failed)), part.Cpu() - cpu));
        foreach (var caller in callers)
            await caller.DisposeAsync();
    }

    public override string ToString()
        => $"{name,-31} {Sample.Sum([.. rounds.Select(round => round.Sample)])} {rounds.Average(round => 1_000_000 * round.Cpu / round.Sample.Milliseconds.Length),18:0}";
}
