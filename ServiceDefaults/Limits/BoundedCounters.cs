using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SecureShop.ServiceDefaults.Limits;

/// <summary>What a table of counters asks of one.</summary>
public interface IBoundedCounter
{
    /// <summary>Ends a counter whose time is over, for good: counting on it would be forgotten.</summary>
    bool TryRetire(long now);
}

/// <summary>
/// Counters by key, and never more of them than <paramref name="capacity"/>. A key is what is counted and whom it is counted for,
/// as in <c>read|2001:db8:1:2::</c>. When the table is full of addresses, the heaviest network is counted as one caller, no wider
/// than it takes: whoever owns a /48 can be 65,536 callers, and must shut out nobody but itself.
/// </summary>
public sealed class BoundedCounters<TCounter>(TimeProvider clock, int capacity)
    where TCounter : class, IBoundedCounter, new()
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MergePause = TimeSpan.FromSeconds(1);

    // What one merge has to make free, so that looking through the whole table is paid for by many newcomers.
    private readonly int roomPerMerge = Math.Max(1, capacity / 16);
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TCounter> overflow = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long nextSweep, nextMerge;
    private int count;
    private volatile int networks;

    /// <summary>How many counters there are.</summary>
    internal int Count => Volatile.Read(ref count);

    /// <summary>
    /// The key's counter, or that of the network it is counted in. Where even networks do not fit, and for keys that name no
    /// address, all newcomers of a kind share one.
    /// </summary>
    public TCounter Find(string key) => TryFind(key) ?? overflow.GetOrAdd(KindOf(key), static _ => new());

    /// <summary>The same without sharing: null when there is no room for the key.</summary>
    public TCounter? TryFind(string key)
    {
        var now = clock.GetUtcNow().UtcTicks;
        if (now >= Volatile.Read(ref nextSweep))
            Sweep(now);
        if (Known(key) is { } known)
            return known;

        lock (gate)
        {
            if (count >= capacity)
                MakeRoom(now);
            if (Known(key) is { } counter)
                return counter;
            return count < capacity ? Add(key, new(new(), KindOf(key), PrefixOf(key), IsNetwork: false)) : null;
        }
    }

    /// <summary>The counter that is there for the key, if there is one.</summary>
    public TCounter? Known(string key)
    {
        if (entries.TryGetValue(key, out var own))
            return own.Counter;
        if (networks == 0 || PrefixOf(key) is not { } prefix)
            return null;
        for (var step = 1; step <= AddressPrefix.Steps; step++)
        {
            if (prefix.Wider(step) is { } network && entries.TryGetValue(Key(KindOf(key), network), out var shared))
                return shared.Counter;
        }

        return null;
    }

    private void MakeRoom(long now)
    {
        if (now < nextMerge)
            return;
        Sweep(now);

        var wanted = capacity - roomPerMerge;
        var widest = entries.Where(pair => pair.Value.Prefix?.Widest is not null)
            .GroupBy(pair => (pair.Value.Kind, Prefix: pair.Value.Prefix!.Value.Widest!.Value))
            .OrderByDescending(network => network.Count());
        foreach (var network in count > wanted ? widest : Enumerable.Empty<IGrouping<(string Kind, AddressPrefix Prefix), KeyValuePair<string, Entry>>>())
        {
            MergeHeaviest(network.Key.Kind, network.Key.Prefix, [.. network]);
            if (count <= wanted)
                return;
        }

        // Looking again at once would find the same.
        if (count > wanted)
            nextMerge = now + MergePause.Ticks;
    }

    /// <summary>Counts as one the narrowest network in which most of these callers are: their neighbours keep their own counters.</summary>
    private void MergeHeaviest(string kind, AddressPrefix network, List<KeyValuePair<string, Entry>> callers)
    {
        for (var step = AddressPrefix.Steps - 1; step > 0; step--)
        {
            var part = callers.Where(pair => pair.Value.Prefix?.Wider(step) is not null)
                .GroupBy(pair => pair.Value.Prefix!.Value.Wider(step)!.Value).MaxBy(part => part.Count());
            if (part is not null && part.Count() * 2 > callers.Count)
                (network, callers) = (part.Key, [.. part]);
        }

        if (callers.Count < 2)
            return;
        callers.ForEach(Remove);
        Add(Key(kind, network), new(new(), kind, network, IsNetwork: true));
    }

    private TCounter Add(string key, Entry entry)
    {
        if (!entries.TryAdd(key, entry))
            return entries[key].Counter;
        count++;
        if (entry.IsNetwork)
            networks++;
        return entry.Counter;
    }

    private void Remove(KeyValuePair<string, Entry> pair)
    {
        if (!entries.TryRemove(pair))
            return;
        count--;
        if (pair.Value.IsNetwork)
            networks--;
    }

    private void Sweep(long now)
    {
        lock (gate)
        {
            if (now < nextSweep && count < capacity)
                return;
            Volatile.Write(ref nextSweep, now + SweepEvery.Ticks);
            foreach (var pair in entries)
            {
                if (pair.Value.Counter.TryRetire(now))
                    Remove(pair);
            }
        }
    }

    private static string KindOf(string key) => key[..Math.Max(0, key.LastIndexOf('|'))];

    private static string Key(string kind, AddressPrefix prefix) => $"{kind}|{prefix}";

    private static AddressPrefix? PrefixOf(string key)
    {
        // A bare number would be read as an IPv4 address, too.
        var caller = key.AsSpan(key.LastIndexOf('|') + 1);
        return caller.ContainsAny('.', ':') && IPAddress.TryParse(caller, out var address) ? AddressPrefix.Of(address) : null;
    }

    private sealed record Entry(TCounter Counter, string Kind, AddressPrefix? Prefix, bool IsNetwork);
}

/// <summary>
/// The network that an address is counted by: a /64 of IPv6, because one customer owns 2^64 addresses, and one address of IPv4;
/// and the wider networks around it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AddressPrefix
{
    /// <summary>How many wider networks there are around a caller's own at most.</summary>
    internal const int Steps = 4;

    // IPv4 stands behind the 96 bits of ::ffff:0:0, so that one number holds both.
    private const int Mapped = 96;
    private static readonly int[] Lengths4 = [Mapped + 32, Mapped + 24, Mapped + 16];
    private static readonly int[] Lengths6 = [64, 56, 48, 40, 32];

    private readonly UInt128 bits;
    private readonly int length;

    private AddressPrefix(UInt128 bits, int length) => (this.bits, this.length) = (bits & (UInt128.MaxValue << (128 - length)), length);

    /// <summary>The widest network around this one that is still one owner's; null where this one is as wide.</summary>
    internal AddressPrefix? Widest => Wider((IsFour ? Lengths4 : Lengths6).Length - 1);

    private bool IsFour => length >= Mapped;

    private IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
            var address = new IPAddress(bytes);
            return IsFour ? address.MapToIPv4() : address;
        }
    }

    /// <summary>The network that <paramref name="address"/> is counted by.</summary>
    public static AddressPrefix Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var four = address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork;
        return new(BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes()), (four ? Lengths4 : Lengths6)[0]);
    }

    /// <summary>The name that a counter of <paramref name="address"/> goes by: as in <c>203.0.113.7</c> or <c>2001:db8:1:2::</c>.</summary>
    public static string Name(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetwork } => address.ToString(),
        _ => Of(address).Address.ToString(),
    };

    /// <summary>About where an address is, and not who: its /24 of IPv4 or /48 of IPv6. For what is kept longer than a log.</summary>
    public static string Around(IPAddress address) => Of(address) is var own && own.IsFour ? own.Wider(1).ToString()! : own.Wider(2).ToString()!;

    /// <summary>As in <c>2001:db8:1::/48</c>.</summary>
    public override string ToString() => IsFour ? $"{Address}/{length - Mapped}" : $"{Address}/{length}";

    /// <summary>The network <paramref name="step"/> steps wider than that of one caller; null where there is none, or where this one is as wide.</summary>
    internal AddressPrefix? Wider(int step)
    {
        var lengths = IsFour ? Lengths4 : Lengths6;
        return step < lengths.Length && lengths[step] < length ? new(bits, lengths[step]) : null;
    }
}
