using SecureShop.Gateway.Routes;

namespace SecureShop.Gateway.Doors;

/// <summary>The two origins that the world sees.</summary>
internal sealed record PublicOrigins(Uri Shop, Uri Identity)
{
    private readonly string shopHost = HostOf(Shop);
    private readonly string identityHost = HostOf(Identity);

    public static PublicOrigins Read(IConfiguration configuration) => new(Read(configuration, "Shop:Origin"), Read(configuration, "Identity:Issuer"));

    /// <summary>The Host header of an origin.</summary>
    public string HostOf(Origin origin) => origin == Origin.Shop ? shopHost : identityHost;

    /// <summary>The origin that the Host of <paramref name="request"/> names, or null when it is none of ours.</summary>
    public Origin? OfRequest(HttpRequest request)
    {
        var host = request.Host.Value;
        if (string.Equals(host, shopHost, StringComparison.OrdinalIgnoreCase))
            return Origin.Shop;
        return string.Equals(host, identityHost, StringComparison.OrdinalIgnoreCase) ? Origin.Identity : null;
    }

    /// <summary>The origin that a page under another port of <paramref name="host"/> belongs to.</summary>
    public Uri For(string host)
        => string.Equals(host, Identity.Host, StringComparison.OrdinalIgnoreCase) && !string.Equals(host, Shop.Host, StringComparison.OrdinalIgnoreCase)
            ? Identity
            : Shop;

    private static string HostOf(Uri origin) => origin.IsDefaultPort ? origin.Host : origin.Authority;

    private static Uri Read(IConfiguration configuration, string key)
        => Uri.TryCreate(configuration[key], UriKind.Absolute, out var origin) && origin is { Scheme: "https", PathAndQuery: "/" }
            ? origin
            : throw new InvalidOperationException($"Set {key.Replace(":", "__", StringComparison.Ordinal)} to a public https origin, such as https://shop.example.");
}
