using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SecureShop.ServiceDefaults.Input;

/// <summary>
/// Networks of IPv4 and IPv6. Whether an address is in one of them takes a look for each length of prefix that there is, and not for
/// each network: a long list of attackers' networks slows nobody down.
/// </summary>
public sealed class NetworkSet
{
    private readonly Dictionary<(AddressFamily Family, int Length), HashSet<UInt128>> prefixes = [];

    /// <summary>Of these; mapped ones (::ffff:0:0/96) are those of IPv4.</summary>
    public NetworkSet(IEnumerable<IPNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        foreach (var network in networks.Select(Unmapped))
        {
            var kind = (network.BaseAddress.AddressFamily, network.PrefixLength);
            if (!prefixes.TryGetValue(kind, out var known))
                prefixes[kind] = known = [];
            known.Add(Prefix(Bits(network.BaseAddress), kind.PrefixLength));
            Count++;
        }
    }

    /// <summary>How many networks there are.</summary>
    public int Count { get; }

    /// <summary>Whether <paramref name="address"/> is in one of them.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);

        // The same caller, told by another listener.
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bits = Bits(address);
        foreach (var (kind, known) in prefixes)
        {
            if (kind.Family == address.AddressFamily && known.Contains(Prefix(bits, kind.Length)))
                return true;
        }

        return false;
    }

    // As dual-stack listeners write IPv4 in their logs; callers are told by IPv4.
    private static IPNetwork Unmapped(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= 96
        ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - 96)
        : network;

    // The address's bits, from the top.
    private static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static UInt128 Prefix(UInt128 bits, int length) => length == 0 ? 0 : bits & (UInt128.MaxValue << (128 - length));
}
