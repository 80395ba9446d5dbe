namespace SecureShop.Database.Seeding;

/// <summary>SplitMix64: numbers that look mixed and are the same everywhere. For invented products, never for secrets.</summary>
internal sealed class Dice(ulong state)
{
    private ulong state = state;

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Below(int limit)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
