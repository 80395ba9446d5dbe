using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;

namespace SecureShop.ServiceDefaults.Traffic;

/// <summary>What one caller did in a window.</summary>
/// <param name="Kind">Whether the caller is an address or a principal.</param>
/// <param name="Caller">A pseudonym: the same for the same caller, at each replica, and nobody's name.</param>
/// <param name="Until">The end of the window.</param>
/// <param name="Requests">How many.</param>
/// <param name="Refused">The share of those that were refused: 4xx, without 404.</param>
/// <param name="NotFound">The share of those for what is not there.</param>
/// <param name="Objects">How many different objects it asked for; an estimate.</param>
/// <param name="RouteEntropy">How the requests spread over the routes, in bits: 0 for one over and over, 2 for four alike.</param>
/// <param name="Received">Bytes that came.</param>
/// <param name="Sent">Bytes that went.</param>
/// <param name="AgentChanges">How often it came as another program than before.</param>
public sealed record CallerSummary(
    string Kind, string Caller, DateTimeOffset Until, int Requests, double Refused, double NotFound, double Objects, double RouteEntropy, long Received, long Sent, int AgentChanges);

/// <summary>What callers do, a minute at a time, for whoever learns what is usual: by address and by principal, in memory that does not grow.</summary>
public sealed class CallerFigures
{
    /// <summary>How long is counted before it begins anew.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int Neighbourhoods = 512;

    // Nobody may be reading, or not fast enough: the oldest go.
    private readonly Channel<IReadOnlyList<CallerSummary>> stream = Channel.CreateBounded<IReadOnlyList<CallerSummary>>(
        new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropOldest }, window => TrafficMetrics.LeftOut("stream", window.Count));

    private readonly TimeProvider clock;
    private readonly byte[] pseudonymKey;
    private readonly int routes;
    private Tables current;
    private long end;

    /// <param name="clock">The present.</param>
    /// <param name="secret">One that all replicas have: who reads the stream must not be able to try out whose pseudonym it is.</param>
    /// <param name="routes">How many routes there are.</param>
    public CallerFigures(TimeProvider clock, string secret, int routes)
    {
        ArgumentNullException.ThrowIfNull(clock);
        pseudonymKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "traffic pseudonyms"u8.ToArray());
        (this.clock, this.routes, current) = (clock, routes, new(routes));
        end = clock.GetTimestamp() + Ticks;
    }

    private long Ticks => (long)(Window.TotalSeconds * clock.TimestampFrequency);

    /// <summary>Who was there in each window that is over, as they end; of several readers one gets each.</summary>
    public IAsyncEnumerable<IReadOnlyList<CallerSummary>> ReadAllAsync(CancellationToken cancellationToken) => stream.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Counts a request that was answered, for its address and, where there is one, for the principal.</summary>
    public void Count(IPAddress? address, string? subject, in Observation seen)
    {
        var tables = Present();
        var (key, network) = KeyOf(address);
        tables.Addresses.Find(network, key, name: null).Count(seen);
        if (subject is { Length: > 0 })
            tables.Principals.Find(subject.GetHashCode(StringComparison.Ordinal), KeyOf(subject), subject).Count(seen);
    }

    private Tables Present()
    {
        var (before, over) = (Volatile.Read(ref current), Volatile.Read(ref end));
        if (clock.GetTimestamp() < over || Interlocked.CompareExchange(ref end, clock.GetTimestamp() + Ticks, over) != over)
            return before;

        // Not by whoever happens to ask now. What is counted in the one before from here on is left out: less than there are requests under way.
        Volatile.Write(ref current, new(routes));
        ThreadPool.UnsafeQueueUserWorkItem(Close, before, preferLocal: false);
        return current;
    }

    private void Close(Tables over)
    {
        var (until, window) = (clock.GetUtcNow(), new List<CallerSummary>());
        foreach (var (kind, table) in ((string, CallerTable)[])[("address", over.Addresses), ("principal", over.Principals)])
        {
            window.AddRange(table.All.Where(caller => caller.Requests > 0).Select(caller => caller.Summarise(kind, Pseudonym(caller), until)));
            TrafficMetrics.LeftOut(kind, table.PutOut);
        }

        window.ForEach(TrafficMetrics.Record);
        stream.Writer.TryWrite(window);
    }

    private string Pseudonym(CallerWindow window)
        => Convert.ToHexStringLower(HMACSHA256.HashData(pseudonymKey, Encoding.UTF8.GetBytes(window.Name ?? $"address {window.Key}")).AsSpan(0, 16));

    // Subjects are Identity's to make, and the hash has a key of this process.
    private static long KeyOf(string subject)
        => ((long)subject.GetHashCode(StringComparison.Ordinal) << 32) | (uint)string.GetHashCode(subject.AsSpan(1), StringComparison.Ordinal);

    // Of IPv6 the /64, because one customer has all of it; its neighbourhood is the /48, or of IPv4 the /24.
    private static (long Key, int Network) KeyOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
            return (0, 0);
        if (length == 16 && !address.IsIPv4MappedToIPv6)
            return (BinaryPrimitives.ReadInt64BigEndian(bytes), HashCode.Combine(BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16));
        var four = BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..length]);
        return (four, HashCode.Combine(four >> 8));
    }

    private sealed class Tables(int routes)
    {
        public CallerTable Addresses { get; } = new(Neighbourhoods, routes);

        public CallerTable Principals { get; } = new(Neighbourhoods, routes);
    }
}
