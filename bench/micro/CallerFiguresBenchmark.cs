using System.Net;
using BenchmarkDotNet.Attributes;
using SecureShop.ServiceDefaults.Traffic;

namespace SecureShop.Bench.Micro;

/// <summary>What it costs a request to be counted, for its address and its principal.</summary>
[MemoryDiagnoser]
public class CallerFiguresBenchmark
{
    private readonly CallerFigures figures = new(TimeProvider.System, "a secret", routes: 16);
    private readonly IPAddress[] addresses = [.. Enumerable.Range(0, 64).Select(host => IPAddress.Parse($"198.51.{host}.7"))];
    private readonly string[] subjects = [.. Enumerable.Range(0, 64).Select(_ => Guid.NewGuid().ToString())];
    private int next;

    [Benchmark]
    public void KnownCaller()
    {
        var caller = next++ & 63;
        figures.Count(addresses[caller], subjects[caller], new(Route: caller & 15, Status: 200, Received: 0, Sent: 500, Agent: 7, Object: next));
    }

    [Benchmark]
    public void NewAddress() => figures.Count(new IPAddress((uint)(next++ * 2_654_435_761u)), subject: null, new(Route: 1, Status: 200, Received: 0, Sent: 500, Agent: 7, Object: null));
}
