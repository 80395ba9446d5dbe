using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace SecureShop.Firewall;

/// <summary>
/// Finds addresses that a server must not fetch for its caller: this machine's, its network's, its cloud's, in every way that a number
/// can be written, and schemes that are none of the web's.
/// </summary>
internal static class UrlJudge
{
    private static readonly SearchValues<string> Schemes = SearchValues.Create(
        [
            "file:/", "gopher://", "dict://", "ldap://", "ldaps://", "tftp://", "sftp://", "jar:http", "jar:file", "netdoc:", "php://",
            "phar://", "zip://", "expect://", "glob://", "ogg://", "data://", "compress.zlib:", "ssh2.", "rar://", "local_file:",
            "mailto:x@", "rmi://", "smb://", "view-source:",
        ],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> HostEnd = SearchValues.Create("/\\?\"'<> \t\r\n)|,;");

    private static readonly string[] WebSchemes = ["http:", "https:"];
    private static readonly string[] InsideNames = ["localhost", "localhost.localdomain", "metadata"];
    private static readonly string[] InsideDomains = [".localhost", ".internal"];

    private static readonly string[] Metadata =
    [
        "metadata.google.internal", "instance-data", "rancher-metadata", "metadata.azure", "metadata.packet", "kubernetes.default",
        "host.docker.internal",
    ];

    // Names of the public DNS that lead to the address in them, or to this machine.
    private static readonly string[] Mirrors =
    [
        ".nip.io", ".sslip.io", ".xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com", ".burpcollaborator.net", ".oastify.com",
        ".interact.sh", "spoofed.", "customer1.app.localhost",
    ];

    public static void Judge(Text text, Inspection found)
    {
        var value = text.Value;

        // url-scheme: gopher://127.0.0.1:6379/_FLUSHALL, file:///etc/passwd, php://filter.
        if (value.Contains(':') && value.IndexOfAny(Schemes) is >= 0 and var scheme && (scheme == 0 || !char.IsLetterOrDigit(value[scheme - 1])))
            found.Hit(Rules.UrlScheme, Rules.UrlProse, text.IsProse(scheme) || text.IsSentence);

        // url-inside: http://169.254.169.254/, //0x7f.1/, http://user@2130706433/.
        for (var at = value.IndexOf("//"); at >= 0; at = value[(at + 2)..].IndexOf("//") is >= 0 and var next ? at + 2 + next : -1)
        {
            var named = at > 0 && value[at - 1] == ':';
            if ((named || at == 0 || value[at - 1] is '=' or '"' or '\'' or '@' or '/' or '\\') && IsInside(HostOf(value[(at + 2)..])))
                found.Hit(Rules.UrlInside, Rules.UrlProse, text.IsProse(at) || text.IsSentence);
        }

        if (text.IsOneWord && text.Kind is not (FieldKind.Header or FieldKind.Path) && IsBareInside(value))
            found.Hit(Rules.UrlInside);
    }

    /// <summary>http:127.0.0.1 and http:\\127.0.0.1 are read as addresses too; so is a host of the inside with a port or a path.</summary>
    private static bool IsBareInside(ReadOnlySpan<char> value)
    {
        var isNamed = value.StartsWithAny(WebSchemes, StringComparison.OrdinalIgnoreCase);
        var bare = isNamed ? value[(value.IndexOf(':') + 1)..] : value;
        var host = HostOf(bare.TrimStart("/\\"));
        if (!IsInside(host))
            return false;

        // Without a scheme "10:30" and "3/4" are numbers.
        var isAddress = host.Contains('.') || host[0] == '[' || host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase);
        return isNamed || (isAddress && (bare.ContainsAny(':', '/') || bare.StartsWith("169.254.")));
    }

    /// <summary>What a client would connect to: behind the user's name, before the port.</summary>
    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> address)
    {
        address = Text.Near(address).TrimStart("/\\");
        var end = address.IndexOfAny(HostEnd) is >= 0 and var stop ? stop : address.Length;
        var authority = address[..Math.Min(end, 200)];

        // Clients differ about # and @ in one: whoever writes both means the last.
        var at = authority.LastIndexOf('@');
        if (at > 0 && authority[..at].IndexOf('@') is >= 0 and var earlier && TryNumber(authority[(earlier + 1)..at], out _))
            return authority[(earlier + 1)..at];
        authority = authority[(at + 1)..];
        var hash = authority.IndexOf('#');
        if (hash >= 0)
            authority = authority[..hash];
        if (authority is ['[', ..])
            return authority[..(authority.IndexOf(']') + 1)];
        var port = authority.IndexOf(':');
        return (port < 0 ? authority : authority[..port]).TrimEnd('.');
    }

    private static bool IsInside(ReadOnlySpan<char> host)
    {
        if (host.IsEmpty)
            return false;
        if (!Ascii.IsValid(host))
            host = Fold(host);
        if (IsInsideName(host))
            return true;
        if (host[0] == '[')
            return IPAddress.TryParse(host.Trim("[]"), out var v6) && IsInside(v6.IsIPv4MappedToIPv6 ? v6.MapToIPv4() : v6);
        return TryNumber(host, out var address) && IsInside(address);
    }

    private static bool IsInsideName(ReadOnlySpan<char> host)
    {
        foreach (var name in InsideNames)
        {
            if (host.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        foreach (var domain in InsideDomains)
        {
            if (host.EndsWith(domain, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        foreach (var name in Mirrors)
        {
            if (host.Contains(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return host.StartsWithAny(Metadata, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsInside(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
            return true;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length) || length != 4)
            return bytes.StartsWith((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B]);
        return bytes is [0 or 10 or 127, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [169, 254, ..] or [192, 0, 0, ..] or [100, >= 64 and < 128, ..]
            || address.Equals(IPAddress.Broadcast);
    }

    /// <summary>One to four parts, each decimal, octal or hexadecimal; the last fills what is left, as inet_aton has it.</summary>
    private static bool TryNumber(ReadOnlySpan<char> host, out IPAddress address)
    {
        address = IPAddress.None;
        var (value, parts) = (0UL, 0);
        foreach (var range in host.Split('.'))
        {
            var part = host[range];
            if (++parts > 4 || !TryPart(part, out var number))
                return false;
            var last = range.End.Value == host.Length;
            if (last)
                value = (value << (8 * (5 - parts))) | (number & ((1UL << (8 * (5 - parts))) - 1));
            else
                value = (value << 8) | (number & 0xFF);
        }

        address = new IPAddress(BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((uint)value) : (uint)value);
        return true;
    }

    private static bool TryPart(ReadOnlySpan<char> part, out ulong number)
    {
        number = 0;
        if (part.Length is 0 or > 20 || !char.IsAsciiDigit(part[0]))
            return false;
        if (part.Length > 2 && part[0] == '0' && part[1] is 'x' or 'X')
            return ulong.TryParse(part[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        if (part[0] != '0' || part.ContainsAnyExceptInRange('0', '7'))
            return ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        foreach (var digit in part)
            number = (number << 3) | (uint)(digit - '0');
        return true;
    }

    /// <summary>Numbers in circles and letters of other widths are digits and letters to who resolves the name.</summary>
    private static string Fold(ReadOnlySpan<char> host)
    {
        var plain = new StringBuilder();
        foreach (var one in host)
        {
            _ = one switch
            {
                >= '\u2460' and <= '\u2473' => plain.Append(one - '\u2460' + 1),
                '\u24EA' => plain.Append('0'),
                >= '\u24D0' and <= '\u24E9' => plain.Append((char)(one - '\u24D0' + 'a')),
                >= '\uFF01' and <= '\uFF5E' => plain.Append((char)(one - 0xFEE0)),
                '\u3002' or '\uFF61' => plain.Append('.'),
                _ => plain.Append(one),
            };
        }

        return plain.ToString();
    }
}
