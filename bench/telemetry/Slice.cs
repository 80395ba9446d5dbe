using SecureShop.Bench.Load;

namespace SecureShop.Bench.Telemetry;

/// <summary>One slice of load: what came back, and what each part of the system computed for it.</summary>
/// <param name="Load">The answers of the time that counts.</param>
/// <param name="Requests">All answers, those of the run-up too: the CPU time is for all of them.</param>
/// <param name="Cpu">CPU seconds by part.</param>
internal sealed record Slice(Sample Load, int Requests, IReadOnlyDictionary<string, double> Cpu)
{
    public double PerSecond => Load.PerSecond;

    public double CpuPerRequest(string? part = null) =>
        1000 * (part is null ? Cpu.Values.Sum() : Cpu.GetValueOrDefault(part)) / Requests;

    public static Slice operator +(Slice one, Slice other) => new(
        Sample.Sum([one.Load, other.Load]),
        one.Requests + other.Requests,
        one.Cpu.ToDictionary(part => part.Key, part => part.Value + other.Cpu.GetValueOrDefault(part.Key), StringComparer.Ordinal));
}

/// <summary>Both systems, close together in time.</summary>
internal sealed record Round(Slice Off, Slice On)
{
    public double Throughput => On.PerSecond / Off.PerSecond;

    public double Cpu => On.CpuPerRequest() / Off.CpuPerRequest();

    public override string ToString() =>
        $"{Off.PerSecond,8:0} {On.PerSecond,8:0} requests/s, {Throughput:0.000}   {Off.CpuPerRequest():0.000} {On.CpuPerRequest():0.000} CPU ms a request, {Cpu:0.000}";
}

/// <summary>Both systems with nobody calling: what is paid by the second, not by the request.</summary>
/// <param name="Off">CPU milliseconds a second, by part.</param>
/// <param name="On">The same with telemetry.</param>
internal sealed record Idle(IReadOnlyDictionary<string, double> Off, IReadOnlyDictionary<string, double> On)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    public static async Task<Idle> MeasureAsync(Subject off, Subject on)
    {
        var (offBefore, onBefore) = (off.Cpu(), on.Cpu());
        await Task.Delay(Duration);
        return new(PerSecond(off.Cpu(), offBefore), PerSecond(on.Cpu(), onBefore));
    }

    private static Dictionary<string, double> PerSecond(Dictionary<string, double> after, Dictionary<string, double> before) =>
        after.ToDictionary(part => part.Key, part => 1000 * (part.Value - before[part.Key]) / Duration.TotalSeconds, StringComparer.Ordinal);
}
