using SecureShop.Bench.Load;

namespace SecureShop.Bench.Telemetry;

/// <summary>What the rounds say together.</summary>
internal static class Report
{
    public static void Write(TextWriter output, IReadOnlyList<Round> rounds)
    {
        var off = rounds.Select(round => round.Off).Aggregate((sum, slice) => sum + slice);
        var on = rounds.Select(round => round.On).Aggregate((sum, slice) => sum + slice);

        output.WriteLine();
        output.WriteLine("              requests/s     p50 ms     p95 ms     p99 ms   not 2xx");
        output.WriteLine($"telemetry off {off.Load}");
        output.WriteLine($"telemetry on  {on.Load}");
        Write(output, "CPU ms a request", PerRequest(off), PerRequest(on));
    }

    public static void WriteRatios(TextWriter output, IReadOnlyList<Round> rounds)
    {
        output.WriteLine();
        output.WriteLine($"on / off, requests/s          {Ratio.Of(rounds.Select(round => round.Throughput))}");
        output.WriteLine($"on / off, CPU a request       {Ratio.Of(rounds.Select(round => round.Cpu))}");
    }

    public static void Write(TextWriter output, string title, IReadOnlyDictionary<string, double> off, IReadOnlyDictionary<string, double> on)
    {
        output.WriteLine();
        output.WriteLine($"{title,-26} {"off",10} {"on",10}");
        foreach (var part in off.Keys.Order(StringComparer.Ordinal))
            output.WriteLine($"  {part,-24} {off[part],10:0.000} {on.GetValueOrDefault(part),10:0.000}");
        output.WriteLine($"  {"all",-24} {off.Values.Sum(),10:0.000} {on.Values.Sum(),10:0.000}");
    }

    private static Dictionary<string, double> PerRequest(Slice slice) =>
        slice.Cpu.ToDictionary(part => part.Key, part => slice.CpuPerRequest(part.Key), StringComparer.Ordinal);
}
