using SecureShop.Bench.Load;

namespace SecureShop.Bench.Telemetry;

/// <summary>A whole system, and the load on it.</summary>
internal sealed class Subject(Shop shop, LoadGenerator load)
{
    // The first second fills the exporters' queues; after the last, what is queued is still to be sent, and counts.
    private static readonly TimeSpan RunUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    private readonly Uri _product = new(shop.Gateway, $"api/catalog/{shop.Product}");

    public async Task<Slice> MeasureAsync(TimeSpan duration)
    {
        var before = Cpu();
        var runUp = await load.RunAsync(_product, RunUp);
        var sample = await load.RunAsync(_product, duration);
        await Task.Delay(Settling);
        var after = Cpu();
        return new(
            sample with { Failed = sample.Failed + runUp.Failed },
            runUp.Milliseconds.Length + sample.Milliseconds.Length,
            after.ToDictionary(part => part.Key, part => part.Value - before[part.Key], StringComparer.Ordinal));
    }

    public Dictionary<string, double> Cpu() => shop.Processes.Cpu();

    public Dictionary<string, double> Memory() => shop.Processes.Memory();
}
