using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Doors;

/// <summary>The two origins that the world sees.</summary>
internal sealed record PublicOrigins(Uri Shop, Uri Identity)
{
    // What people may have in their bookmarks; the home page of the one name is the shop's.
    private static readonly PathString[] IdentityPages = ["/account", "/connect", "/.well-known", "/error", "/assets"];

    public static PublicOrigins Read(IConfiguration configuration) => new(Read(configuration, "Shop:Origin"), Read(configuration, "Identity:Issuer"));

    /// <summary>The Host header of an origin.</summary>
    public string HostOf(Origin origin) => HostOf(origin == Origin.Shop ? Shop : Identity);

    /// <summary>Whether <paramref name="host"/> is one of ours.</summary>
    public bool Knows(string? host)
        => string.Equals(host, HostOf(Shop), StringComparison.OrdinalIgnoreCase) || string.Equals(host, HostOf(Identity), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The origin that a page at <paramref name="path"/> under another port of <paramref name="host"/> belongs to. Where both origins
    /// have one name, as on a developer's machine, the path alone can tell.
    /// </summary>
    public Uri For(string host, PathString path)
    {
        var (shop, identity) = (Is(Shop), Is(Identity));
        if (shop == identity)
            identity = IdentityPages.Any(page => path.StartsWithSegments(page, StringComparison.OrdinalIgnoreCase));
        return identity ? Identity : Shop;

        bool Is(Uri origin) => string.Equals(host, origin.Host, StringComparison.OrdinalIgnoreCase);
    }

    private static string HostOf(Uri origin) => origin.IsDefaultPort ? origin.Host : origin.Authority;

    private static Uri Read(IConfiguration configuration, string key)
        => Uri.TryCreate(configuration[key], UriKind.Absolute, out var origin) && origin is { Scheme: "https", PathAndQuery: "/" }
            ? origin
            : throw new InvalidOperationException($"Set {key.Replace(":", "__", StringComparison.Ordinal)} to a public https origin, such as https://shop.example.");
}
