namespace SecureShop.Bench.Tokens;

/// <summary>What came back within a slice.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Milliseconds">How long each request took; sorted.</param>
/// <param name="Allocated">Bytes that the whole process has allocated, callers and all.</param>
internal sealed record Slice(double Seconds, IReadOnlyList<double> Milliseconds, long Allocated)
{
    public double PerSecond => Milliseconds.Count / Seconds;

    public double BytesPerRequest => (double)Allocated / Milliseconds.Count;

    public static Slice Sum(IReadOnlyCollection<Slice> parts) => new(
        parts.Sum(part => part.Seconds), [.. parts.SelectMany(part => part.Milliseconds).Order()], parts.Sum(part => part.Allocated));

    public double Percentile(double share) => Milliseconds[(int)(share * (Milliseconds.Count - 1))];
}
