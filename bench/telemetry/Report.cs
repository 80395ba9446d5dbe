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

/// <summary>The geometric mean of ratios, and the range that holds the true one with 95 % confidence.</summary>
internal sealed record Ratio(double Mean, double Low, double High)
{
    public static Ratio Of(IEnumerable<double> ratios)
    {
        double[] logs = [.. ratios.Select(ratio => Math.Log(ratio))];
        var mean = logs.Average();
        if (logs.Length < 2)
            return new(Math.Exp(mean), 0, double.PositiveInfinity);
        var deviation = Math.Sqrt(logs.Sum(log => (log - mean) * (log - mean)) / (logs.Length - 1));
        var margin = Student(logs.Length - 1) * deviation / Math.Sqrt(logs.Length);
        return new(Math.Exp(mean), Math.Exp(mean - margin), Math.Exp(mean + margin));
    }

    public override string ToString() => $"{Mean:0.000} (95 %: {Low:0.000} to {High:0.000})";

    /// <summary>Student's t for 97.5 %, by the expansion of Cornish and Fisher around the normal distribution.</summary>
    private static double Student(int freedom)
    {
        const double z = 1.959964;
        double n = freedom;
        return z
            + ((Math.Pow(z, 3) + z) / (4 * n))
            + (((5 * Math.Pow(z, 5)) + (16 * Math.Pow(z, 3)) + (3 * z)) / (96 * n * n))
            + (((3 * Math.Pow(z, 7)) + (19 * Math.Pow(z, 5)) + (17 * Math.Pow(z, 3)) - (15 * z)) / (384 * n * n * n));
    }
}
