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
    private const int FirstRoom = 256;

    private readonly Lock _lock = new();
    private T?[] _ring = new T?[Math.Min(FirstRoom, mostEntries)];
    private long _next = 1;
    private int _count;
    private long _bytes;

    public int Capacity => mostEntries;

    public long ByteLimit => mostBytes;

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of the newest entry; 0 before the first.</summary>
    public long Last => Volatile.Read(ref _next) - 1;

    /// <summary>The number of the oldest entry that is kept, one more than <see cref="Last"/> when there is none.</summary>
    public long First
    {
        get
        {
            lock (_lock)
                return _next - _count;
        }
    }

    public void Add(T entry)
    {
        lock (_lock)
            AddLocked(entry);
    }

    /// <summary>Adds many under one lock.</summary>
    public void AddRange(ReadOnlySpan<T> entries)
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
            var from = Math.Max(sequence, _next - _count);
            var count = (int)Math.Clamp(_next - from, 0, into.Length);
            for (var i = 0; i < count; i++)
                into[i] = _ring[(from + i) % _ring.Length]!;
            return count;
        }
    }

    /// <summary>Copies entries below <paramref name="sequence"/>, the newest first.</summary>
    public int ReadBack(long sequence, Span<T> into)
    {
        lock (_lock)
        {
            var from = Math.Min(sequence, _next) - 1;
            var count = (int)Math.Clamp(from - (_next - _count) + 1, 0, into.Length);
            for (var i = 0; i < count; i++)
                into[i] = _ring[(from - i) % _ring.Length]!;
            return count;
        }
    }

    private void AddLocked(T entry)
    {
        var size = entry.Size;
        while (_count > 0 && (_count >= mostEntries || _bytes + size > mostBytes))
            RemoveOldest();
        if (_count == _ring.Length)
            Grow();
        entry.Sequence = _next;
        _ring[_next % _ring.Length] = entry;
        _next++;
        _count++;
        _bytes += size;
        added?.Invoke(entry);
    }

    private void RemoveOldest()
    {
        ref var oldest = ref _ring[(_next - _count) % _ring.Length];
        _bytes -= oldest!.Size;
        _count--;
        removed?.Invoke(oldest);
        oldest = null;
    }

    // Entries keep their places modulo the length, so all are moved.
    private void Grow()
    {
        var larger = new T?[(int)Math.Min((long)_ring.Length * 2, mostEntries)];
        for (var sequence = _next - _count; sequence < _next; sequence++)
            larger[sequence % larger.Length] = _ring[sequence % _ring.Length];
        _ring = larger;
    }
}
