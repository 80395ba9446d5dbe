using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace SecureShop.ServiceDefaults.Events;

/// <summary>
/// Bounds how many security events a process writes: else whoever sends refused requests fast enough fills the disk. Each kind of
/// event has a budget of its own, and each network address a tenth of that: nobody can spend what others need, and bury the one
/// line that matters. What is above is counted, and told in one event for each kind.
/// </summary>
internal sealed class EventBudget : IDisposable
{
    public const int PerSecond = 100;
    public const int Burst = 1_000;
    public const int AddressPerSecond = PerSecond / 10;
    public const int AddressBurst = Burst / 10;
    public const int MaxAddresses = 10_000;
    public const int MaxNetworks = 1_000;

    private static readonly TimeSpan ReportAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepAfter = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<int, Kind> kinds = [];
    private readonly Dictionary<(int Kind, ulong Network), TokenBucket> addresses = [];
    private readonly Dictionary<(int Kind, ulong Network), TokenBucket> networks = [];
    private readonly TimeProvider clock;
    private readonly Action<string, long> report;
    private readonly ITimer timer;
    private bool reporting;
    private long swept;

    public EventBudget(TimeProvider clock, Action<string, long> report)
    {
        (this.clock, this.report) = (clock, report);
        swept = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether one more event of a kind may be written about a caller; null stands for those that no caller is behind.</summary>
    public bool TryTake(EventId id, IPAddress? address)
    {
        lock (gate)
        {
            if (!kinds.TryGetValue(id.Id, out var kind))
                kinds[id.Id] = kind = new(id.Name ?? $"{id.Id}", new(clock, Burst, PerSecond));

            // The caller's own first: what it is refused takes nothing from the others.
            if (Of(id.Id, address).TryTake() && kind.Everybody.TryTake())
                return true;

            kind.Suppressed++;
            if (!reporting)
                reporting = timer.Change(ReportAfter, Timeout.InfiniteTimeSpan);
            return false;
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        Report();
    }

    /// <summary>Where the table is full, newcomers count by the wider network they are in: whoever holds a large one spends its own budget still.</summary>
    private TokenBucket Of(int kind, IPAddress? address)
    {
        var sender = (kind, Network(address, ipv6Bits: 64, ipv4Bits: 32));
        if (addresses.TryGetValue(sender, out var known))
            return known;
        if (addresses.Count >= MaxAddresses)
            Sweep();
        if (addresses.Count < MaxAddresses)
            return addresses[sender] = new(clock, AddressBurst, AddressPerSecond);

        sender = (kind, Network(address, ipv6Bits: 32, ipv4Bits: 16));
        if (!networks.ContainsKey(sender) && networks.Count >= MaxNetworks)
            sender = (kind, 0);
        return networks.TryGetValue(sender, out known) ? known : networks[sender] = new(clock, AddressBurst, AddressPerSecond);
    }

    private static ulong Network(IPAddress? address, int ipv6Bits, int ipv4Bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
            return 0;
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
            return BinaryPrimitives.ReadUInt64BigEndian(bytes) >> (64 - ipv6Bits) << (64 - ipv6Bits);

        // No network of IPv6 that is in use begins with 32 zeros: the two share one table.
        var ipv4 = BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]);
        return ipv4 >> (32 - ipv4Bits) << (32 - ipv4Bits);
    }

    private void Sweep()
    {
        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(swept, now) < SweepAfter)
            return;
        swept = now;
        foreach (var table in new[] { addresses, networks })
        {
            foreach (var (sender, _) in table.Where(entry => entry.Value.IsFull))
                table.Remove(sender);
        }
    }

    private void Report()
    {
        List<(string Name, long Count)> counts = [];
        lock (gate)
        {
            foreach (var kind in kinds.Values.Where(kind => kind.Suppressed > 0))
            {
                counts.Add((kind.Name, kind.Suppressed));
                kind.Suppressed = 0;
            }

            reporting = false;
        }

        foreach (var (name, count) in counts)
            report(name, count);
    }

    private sealed class Kind(string name, TokenBucket everybody)
    {
        public string Name { get; } = name;

        public TokenBucket Everybody { get; } = everybody;

        public long Suppressed { get; set; }
    }
}
