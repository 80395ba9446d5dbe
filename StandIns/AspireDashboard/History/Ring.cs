namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>Entries under rising numbers in an array that grows up to a bound; the oldest is taken off. Its owner locks.</summary>
internal sealed class Ring<T>(int most)
    where T : class
{
    private const int FirstRoom = 256;

    private T?[] _items = new T?[Math.Min(FirstRoom, most)];

    /// <summary>The number that the next entry gets; the first one gets 1.</summary>
    public long Next { get; private set; } = 1;

    public int Count { get; private set; }

    public long First => Next - Count;

    public T this[long number] => _items[number % _items.Length]!;

    public void Push(T item)
    {
        if (Count == _items.Length)
            Grow();
        _items[Next % _items.Length] = item;
        Next++;
        Count++;
    }

    public T Pop()
    {
        ref var oldest = ref _items[First % _items.Length];
        var item = oldest!;
        oldest = null;
        Count--;
        return item;
    }

    // Entries keep their places modulo the length, so all are moved.
    private void Grow()
    {
        var larger = new T?[(int)Math.Min((long)_items.Length * 2, most)];
        for (var number = First; number < Next; number++)
            larger[number % larger.Length] = this[number];
        _items = larger;
    }
}
