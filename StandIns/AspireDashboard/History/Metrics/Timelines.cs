namespace SecureShop.StandIns.AspireDashboard.History.Metrics;

/// <summary>What happened in a series, slot by slot.</summary>
internal interface ITimeline
{
    /// <summary>About how many bytes it holds.</summary>
    int Size { get; }

    /// <summary>Notes what was so at a time.</summary>
    void Set(ulong time, double value);

    /// <summary>Notes what came to pass in a span of time.</summary>
    void Add(ulong from, ulong to, double value, double[] buckets);

    /// <summary>Forgets what is kept at one resolution.</summary>
    void Forget(int resolution);
}

/// <summary>A number for each slot: what was added in it, or what it was last.</summary>
internal sealed class NumberTimeline : ITimeline
{
    private readonly SlotRing<double>[] _rings = [.. Resolution.All.Select(Ring)];

    public int Size => Resolution.All.Sum(resolution => resolution.Slots) * sizeof(double);

    /// <summary>Not a number where nothing was reported.</summary>
    public double Read(int resolution, long slot) => _rings[resolution][slot];

    public void Set(ulong time, double value)
    {
        for (var i = 0; i < _rings.Length; i++)
            _rings[i].Set(Resolution.All[i].SlotOf(time), value);
    }

    public void Add(ulong from, ulong to, double value, double[] buckets)
    {
        for (var i = 0; i < _rings.Length; i++)
        {
            foreach (var (slot, share) in Resolution.All[i].Spread(from, to))
                _rings[i].Set(slot, (double.IsNaN(_rings[i][slot]) ? 0 : _rings[i][slot]) + (value * share));
        }
    }

    public void Forget(int resolution) => _rings[resolution] = Ring(Resolution.All[resolution]);

    private static SlotRing<double> Ring(Resolution resolution) => new(resolution.Slots, double.NaN);
}

/// <summary>The buckets of a histogram for each slot, and after them the sum; nothing where nothing happened, as it is mostly.</summary>
internal sealed class HistogramTimeline : ITimeline
{
    private const int ArraySize = 24;

    private readonly SlotRing<float[]?>[] _rings = [.. Resolution.All.Select(Ring)];
    private int _cellSize;

    public int Size => (Resolution.All.Sum(resolution => resolution.Slots) * IntPtr.Size) + (_rings.Sum(ring => ring.Used) * _cellSize);

    public float[]? Read(int resolution, long slot) => _rings[resolution][slot];

    public void Set(ulong time, double value) => throw new NotSupportedException("A histogram is added to.");

    public void Add(ulong from, ulong to, double value, double[] buckets)
    {
        if (Array.TrueForAll(buckets, count => count <= 0))
            return;
        _cellSize = ArraySize + ((buckets.Length + 1) * sizeof(float));
        for (var i = 0; i < _rings.Length; i++)
        {
            foreach (var (slot, share) in Resolution.All[i].Spread(from, to))
            {
                var cell = _rings[i][slot] ?? new float[buckets.Length + 1];
                for (var bucket = 0; bucket < buckets.Length; bucket++)
                    cell[bucket] += (float)(buckets[bucket] * share);
                cell[^1] += (float)(value * share);
                _rings[i].Set(slot, cell);
            }
        }
    }

    public void Forget(int resolution) => _rings[resolution] = Ring(Resolution.All[resolution]);

    private static SlotRing<float[]?> Ring(Resolution resolution) => new(resolution.Slots, null);
}
