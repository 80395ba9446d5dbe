namespace SecureShop.Bench.Soak;

/// <summary>Numbers that a seed determines (SplitMix64), so that a run can be asked for again. What the machine does beside is not determined by it.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>One of the numbers from 0, below <paramref name="below"/>.</summary>
    public int Roll(int below) => (int)(Next() % (ulong)below);

    /// <summary>From one time to another.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * (Roll(1_000_001) / 1_000_000.0));

    public T Pick<T>(IReadOnlyList<T> items) => items[Roll(items.Count)];

    /// <summary>Others, which these determine.</summary>
    public Dice Fork() => new(Next());

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
