using System.Security.Cryptography;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// Unwrapped keys, for seconds and bounded in number. What leaves it is overwritten. Keys are copied in and out, so that none is
/// overwritten while somebody works with it. As its time is short, a key that another replica destroyed is gone here soon, too.
/// </summary>
internal sealed class KeyCache : IDisposable
{
    public const int Capacity = 1_024;
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>All live as long, so the first that came is the first to go.</summary>
    private readonly Queue<(string Owner, Entry Entry)> order = new();
    private readonly TimeProvider clock;
    private readonly ITimer sweep;

    public KeyCache(TimeProvider clock)
    {
        this.clock = clock;
        sweep = clock.CreateTimer(_ => RemoveExpired(), state: null, Lifetime, Lifetime);
    }

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>Copies the key out, where there is one.</summary>
    public bool TryCopy(string owner, Span<byte> key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(owner, out var entry) || IsExpired(entry))
                return false;
            entry.Key.CopyTo(key);
            return true;
        }
    }

    /// <summary>Keeps a copy.</summary>
    public void Add(string owner, ReadOnlySpan<byte> key)
    {
        var entry = new Entry(GC.AllocateUninitializedArray<byte>(Seal.KeyLength, pinned: true), clock.GetTimestamp());
        key.CopyTo(entry.Key);
        lock (gate)
        {
            RemoveFromOrder(expiredOnly: false, room: 1);
            Overwrite(owner);
            entries.Add(owner, entry);
            order.Enqueue((owner, entry));
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Remove(string owner)
    {
        lock (gate)
            Overwrite(owner);
    }

    public void Dispose()
    {
        sweep.Dispose();
        lock (gate)
        {
            foreach (var owner in entries.Keys.ToList())
                Overwrite(owner);
            order.Clear();
        }
    }

    internal void RemoveExpired()
    {
        lock (gate)
            RemoveFromOrder(expiredOnly: true, room: 0);
    }

    private void RemoveFromOrder(bool expiredOnly, int room)
    {
        // Of one that was removed or replaced the turn is left; it goes with those before it.
        while (order.TryPeek(out var first) && (IsExpired(first.Entry) || (!expiredOnly && order.Count + room > Capacity)))
        {
            order.Dequeue();
            if (entries.TryGetValue(first.Owner, out var kept) && ReferenceEquals(kept, first.Entry))
                Overwrite(first.Owner);
        }
    }

    private void Overwrite(string owner)
    {
        if (entries.Remove(owner, out var entry))
            CryptographicOperations.ZeroMemory(entry.Key);
    }

    private bool IsExpired(Entry entry) => clock.GetElapsedTime(entry.Since) >= Lifetime;

    private sealed record Entry(byte[] Key, long Since);
}
