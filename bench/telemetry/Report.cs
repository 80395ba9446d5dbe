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
        output.WriteLine();
        output.WriteLine("CPU ms a request              off         on");
        foreach (var part in off.Cpu.Keys.Where(part => off.CpuPerRequest(part) + on.CpuPerRequest(part) > 0.001).Order(StringComparer.Ordinal))
            output.WriteLine($"  {part,-20} {off.CpuPerRequest(part),10:0.000} {on.CpuPerRequest(part),10:0.000}");
        output.WriteLine($"  {"all",-20} {off.CpuPerRequest(),10:0.000} {on.CpuPerRequest(),10:0.000}");
        output.WriteLine();
        output.WriteLine($"on / off, requests/s          {Ratio.Of(rounds.Select(round => round.Throughput))}");
        output.WriteLine($"on / off, CPU a request       {Ratio.Of(rounds.Select(round => round.Cpu))}");
    }
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
