namespace SecureShop.Bench.Load;

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
