using System.Diagnostics;
using SecureShop.Bench.Load;

namespace SecureShop.Bench.Gateway;

/// <summary>A way to the service, and what came back on it.</summary>
internal sealed class Subject(string name, Part part, byte[][] messages, Subject? beside = null)
{
    private readonly List<(Sample Sample, double Cpu)> rounds = [];

    public string Name => name;

    /// <summary>What it is compared with.</summary>
    public Subject? Beside => beside;

    public int Failed => rounds.Sum(round => round.Sample.Failed);

    public IEnumerable<double> PerSecond => rounds.Select(round => round.Sample.PerSecond);

    /// <summary>In microseconds of the process in between.</summary>
    public IEnumerable<double> CpuPerRequest => rounds.Select(round => 1_000_000 * round.Cpu / round.Sample.Milliseconds.Length);

    /// <summary>In milliseconds.</summary>
    public IEnumerable<double> P99 => rounds.Select(round => round.Sample.Milliseconds[(int)(0.99 * (round.Sample.Milliseconds.Length - 1))]);

    /// <summary>What came before was to warm up.</summary>
    public void Forget() => rounds.Clear();

    /// <summary>Keeps so many connections busy, each sending its next request when the last was answered.</summary>
    public async Task RunAsync(int connections, TimeSpan duration)
    {
        var callers = Enumerable.Range(0, connections).Select(_ => new Caller()).ToArray();
        await Task.WhenAll(callers.Select(caller => caller.ConnectAsync(part.Address)));
        var (cpu, began) = (part.Cpu(), Stopwatch.GetTimestamp());
        await Task.WhenAll(callers.Select((caller, index) => Task.Run(() => caller.CallAsync(messages[index % messages.Length], began, duration))));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        rounds.Add((new(seconds, [.. callers.SelectMany(caller => caller.Milliseconds).Order()], callers.Sum(caller => caller.Failed)), part.Cpu() - cpu));
        foreach (var caller in callers)
            await caller.DisposeAsync();
    }

    public override string ToString() => $"{name,-25} {Sample.Sum([.. rounds.Select(round => round.Sample)])} {CpuPerRequest.Average(),18:0}";
}
