namespace SecureShop.Bench.Load;

/// <summary>A way to the same product, and what came back on it.</summary>
/// <param name="name">What it is called.</param>
/// <param name="address">Where the way begins.</param>
/// <param name="cpu">CPU seconds so far of the process in between, where there is one.</param>
internal sealed class Subject(string name, Uri address, Func<double>? cpu)
{
    private readonly List<(Sample Sample, double Cpu)> _rounds = [];

    public Uri Address => address;

    public int Failed => _rounds.Sum(round => round.Sample.Failed);

    public IEnumerable<double> PerSecond => _rounds.Select(round => round.Sample.PerSecond);

    /// <summary>In milliseconds.</summary>
    public IEnumerable<double> CpuPerRequest => _rounds.Select(round => 1000 * round.Cpu / round.Sample.Milliseconds.Length);

    public async Task MeasureAsync(LoadGenerator load, TimeSpan duration)
    {
        var before = cpu?.Invoke() ?? 0;
        var sample = await load.RunAsync(address, duration);
        _rounds.Add((sample, (cpu?.Invoke() ?? 0) - before));
    }

    public override string ToString() =>
        $"{name,-23} {Sample.Sum([.. _rounds.Select(round => round.Sample)])} {(cpu is null ? "" : $"{CpuPerRequest.Average(),18:0.000}")}";
}
