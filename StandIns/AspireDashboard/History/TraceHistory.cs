namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>The newest traces, bounded by spans and bytes. The one that began to arrive first goes first, and goes whole.</summary>
internal sealed class TraceHistory
{
    public const int MostSpans = 50_000;
    public const long MostBytes = 48 * 1024 * 1024;
    private const int Chunk = 128;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, Trace> _byId = [];
    private readonly Ring<Trace> _ring = new(MostSpans);
    private long _changes;
    private int _spans;
    private long _bytes;

    public int Spans => Volatile.Read(ref _spans);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How often a trace has changed.</summary>
    public long Changes => Volatile.Read(ref _changes);

    /// <summary>Adds what came together.</summary>
    /// <returns>How many spans found no room in their trace.</returns>
    public int Add(IReadOnlyList<(UInt128 Trace, Span Span)> spans)
    {
        var refused = 0;
        lock (_lock)
        {
            foreach (var (id, span) in spans)
            {
                if (!_byId.TryGetValue(id, out var trace))
                    trace = Begin(id);
                var before = trace.Bytes;
                if (!trace.Add(span))
                    refused++;
                else
                    _spans++;
                _bytes += trace.Bytes - before;
                trace.Sequence = ++_changes;
                while (_spans > MostSpans || _bytes > MostBytes)
                    EndOldest();
            }
        }

        return refused;
    }

    /// <summary>Shapes what passes, the newest arrivals first; some traces at a time, so that who writes need not wait.</summary>
    public void ForEach<T>(Func<Trace, bool> matches, Func<Trace, T> shape, Action<T> found)
    {
        var shaped = new List<T>(Chunk);
        for (var from = long.MaxValue; from > 0;)
        {
            shaped.Clear();
            lock (_lock)
            {
                from = Math.Min(from, _ring.Next);
                for (var i = 0; i < Chunk && --from >= _ring.First; i++)
                {
                    if (matches(_ring[from]))
                        shaped.Add(shape(_ring[from]));
                }

                if (from < _ring.First)
                    from = 0;
            }

            shaped.ForEach(found);
        }
    }

    /// <summary>One trace, shaped; default when it is not kept.</summary>
    public T? Find<T>(UInt128 id, Func<Trace, T> shape)
        where T : class
    {
        lock (_lock)
            return _byId.TryGetValue(id, out var trace) ? shape(trace) : null;
    }

    private Trace Begin(UInt128 id)
    {
        if (_ring.Count == MostSpans)
            EndOldest();
        var trace = new Trace(id);
        _byId.Add(id, trace);
        _ring.Push(trace);
        _bytes += trace.Bytes;
        return trace;
    }

    private void EndOldest()
    {
        var oldest = _ring.Pop();
        _byId.Remove(oldest.Id);
        _spans -= oldest.Spans.Count;
        _bytes -= oldest.Bytes;
    }
}
