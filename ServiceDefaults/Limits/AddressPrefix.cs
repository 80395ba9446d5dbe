using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SecureShop.ServiceDefaults.Limits;

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

    /// <summary>The network that <paramref name="address"/> is counted by.</summary>
    public static AddressPrefix Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var four = address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork;
        return new(BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes()), (four ? Lengths4 : Lengths6)[0]);
    }

    /// <summary>The name that a counter of <paramref name="address"/> goes by: as in <c>203.0.113.7</c> or <c>2001:db8:1:2::</c>.</summary>
    public static string Name(IPAddress? address) => address is null ? "unknown" : Of(address).Address.ToString();

    /// <summary>As in <c>2001:db8:1::/48</c>.</summary>
    public override string ToString() => IsFour ? $"{Address}/{length - Mapped}" : $"{Address}/{length}";

    /// <summary>The widest network around this one that is still one owner's; null where this one is as wide.</summary>
    internal AddressPrefix? Widest => Wider((IsFour ? Lengths4 : Lengths6).Length - 1);

    /// <summary>The network <paramref name="step"/> steps wider than that of one caller; null where there is none, or where this one is as wide.</summary>
    internal AddressPrefix? Wider(int step)
    {
        var lengths = IsFour ? Lengths4 : Lengths6;
        return step < lengths.Length && lengths[step] < length ? new(bits, lengths[step]) : null;
    }

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
}
