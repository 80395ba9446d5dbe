namespace SecureShop.Bench.Load;

/// <summary>What came back within a time: durations in milliseconds, sorted.</summary>
internal sealed record Sample(double Seconds, double[] Milliseconds, int Failed)
{
    public double PerSecond => Milliseconds.Length / Seconds;

    public static Sample Sum(IReadOnlyCollection<Sample> parts) => new(
        parts.Sum(part => part.Seconds),
        [.. parts.SelectMany(part => part.Milliseconds).Order()],
        parts.Sum(part => part.Failed));

    public override string ToString() => $"{PerSecond,10:0} {Percentile(0.50),10:0.00} {Percentile(0.95),10:0.00} {Percentile(0.99),10:0.00} {Failed,9}";

    private double Percentile(double share) => Milliseconds.Length == 0 ? 0 : Milliseconds[(int)(share * (Milliseconds.Length - 1))];
}
