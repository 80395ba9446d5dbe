using System.Globalization;

namespace SecureShop.Catalog.GuestCache;

/// <summary>
/// What this replica has heard of changes of published products, as counts. An answer is kept under the counts from before it was read, and found by
/// those of now: one that a change overtook while it was read is kept under a count that nobody asks for again.
/// </summary>
internal sealed class ProductChanges(TimeProvider clock)
{
    /// <summary>For so long after a question that the database answered, what was heard counts as all there is. The bound on how old an answer may be.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    private const long Never = long.MinValue;

    // Bounded: products share counts by their ids, and a change makes a few others be read once more.
    private readonly int[] products = new int[4096];
    private int all;
    private int gaps;
    private long heardAt = Never;

    /// <summary>Whether all changes but those of a moment are known. Where not, nothing that is kept may be shown.</summary>
    public bool IsCurrent => Volatile.Read(ref heardAt) is var at && at != Never && clock.GetElapsedTime(at) < Lease;

    /// <summary>The counts that one product is kept under, or without <paramref name="product"/> what is made of many.</summary>
    public string CountOf(Guid? product) => string.Create(
        CultureInfo.InvariantCulture, $"{Volatile.Read(ref gaps)}.{(product is { } id ? Volatile.Read(ref Place(id)) : Volatile.Read(ref all))}");

    /// <summary>A product has changed, has come or has gone.</summary>
    public void Changed(Guid product)
    {
        Interlocked.Increment(ref Place(product));
        Interlocked.Increment(ref all);
    }

    /// <summary>Anything may have changed.</summary>
    public void Missed() => Interlocked.Increment(ref gaps);

    /// <summary>Whatever was changed before <paramref name="asked"/> has been heard.</summary>
    public void Heard(long asked) => Volatile.Write(ref heardAt, asked);

    /// <summary>Nothing is heard any more.</summary>
    public void Lost() => Volatile.Write(ref heardAt, Never);

    private ref int Place(Guid product) => ref products[(uint)product.GetHashCode() % (uint)products.Length];
}
