namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>Something that is kept; it does not change once it was added.</summary>
internal interface IEntry
{
    /// <summary>Given by the history: one more than the entry before.</summary>
    long Sequence { get; set; }

    /// <summary>About how many bytes it holds.</summary>
    int Size { get; }
}

/// <summary>
/// The newest entries, bounded by number and by bytes; the oldest go first. Writers hold the lock for some nanoseconds,
/// readers copy references in small chunks, so that a search through everything never holds up who writes.
/// </summary>
internal sealed class BoundedHistory<T>(int mostEntries, long mostBytes, Action<T>? added = null, Action<T>? removed = null)
    where T : class, IEntry
{
    private readonly Lock _lock = new();
    private readonly Ring<T> _ring = new(mostEntries);
    private long _last;
    private long _bytes;

    public int Capacity => mostEntries;

    public long ByteLimit => mostBytes;

    public int Count => _ring.Count;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of the newest entry; 0 before the first.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>The number of the oldest entry that is kept, one more than <see cref="Last"/> when there is none.</summary>
    public long First
    {
        get
        {
            lock (_lock)
                return _ring.First;
        }
    }

    public void Add(T entry) => Add([entry]);

    /// <summary>Adds many under one lock.</summary>
    public void Add(ReadOnlySpan<T> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
                AddLocked(entry);
        }
    }

    /// <summary>Copies entries from <paramref name="sequence"/> on, upwards.</summary>
    /// <returns>How many there were; 0 at the end.</returns>
    public int Read(long sequence, Span<T> into)
    {
        lock (_lock)
        {
            var from = Math.Max(sequence, _ring.First);
            var count = (int)Math.Clamp(_ring.Next - from, 0, into.Length);
            for (var i = 0; i < count; i++)
                into[i] = _ring[from + i];
            return count;
        }
    }

    /// <summary>Copies entries below <paramref name="sequence"/>, the newest first.</summary>
    public int ReadBack(long sequence, Span<T> into)
    {
        lock (_lock)
        {
            var from = Math.Min(sequence, _ring.Next) - 1;
            var count = (int)Math.Clamp(from - _ring.First + 1, 0, into.Length);
            for (var i = 0; i < count; i++)
                into[i] = _ring[from - i];
            return count;
        }
    }

    private void AddLocked(T entry)
    {
        var size = entry.Size;
        while (_ring.Count > 0 && (_ring.Count >= mostEntries || _bytes + size > mostBytes))
        {
            var oldest = _ring.Pop();
            _bytes -= oldest.Size;
            removed?.Invoke(oldest);
        }

        entry.Sequence = _ring.Next;
        _ring.Push(entry);
        _bytes += size;
        Volatile.Write(ref _last, entry.Sequence);
        added?.Invoke(entry);
    }
}
