namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>Values of the newest so many slots of time; older ones make room as time goes on. Its owner locks.</summary>
internal sealed class SlotRing<T>(int length, T empty)
{
    private readonly T[] _values = Filled(length, empty);
    private long _newest = -1;

    /// <summary>How many slots hold something.</summary>
    public int Used { get; private set; }

    /// <summary>A slot's value; that of slots before and after what is kept is the empty one.</summary>
    public T this[long slot] => slot > _newest || slot <= _newest - length || slot < 0 ? empty : _values[slot % length];

    /// <summary>Sets a slot; one that is already gone stays gone.</summary>
    /// <returns>Whether it was set.</returns>
    public bool Set(long slot, T value)
    {
        if (slot <= _newest - length || slot < 0)
            return false;
        for (var passed = Math.Max(_newest + 1, slot - length + 1); passed <= slot; passed++)
            Put(passed, empty);
        _newest = Math.Max(_newest, slot);
        Put(slot, value);
        return true;
    }

    private void Put(long slot, T value)
    {
        ref var place = ref _values[slot % length];
        Used += (IsEmpty(value) ? 0 : 1) - (IsEmpty(place) ? 0 : 1);
        place = value;
    }

    private bool IsEmpty(T value) => EqualityComparer<T>.Default.Equals(value, empty);

    private static T[] Filled(int length, T empty)
    {
        var values = new T[length];
        Array.Fill(values, empty);
        return values;
    }
}
