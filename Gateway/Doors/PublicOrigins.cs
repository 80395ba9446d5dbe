using Microsoft.Extensions.Options;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults;

namespace SecureShop.Gateway.Doors;

/// <summary>The two origins that the world sees.</summary>
internal sealed class PublicOrigins(IOptions<ShopOptions> shop, IOptions<IssuerOptions> identity)
{
    public Uri Shop { get; } = new(shop.Value.Origin);

    public Uri Identity { get; } = new(identity.Value.Issuer);

    /// <summary>The Host header of an origin.</summary>
    public string HostOf(Origin origin) => HostOf(origin == Origin.Shop ? Shop : Identity);

    /// <summary>Whether <paramref name="host"/> is one of ours.</summary>
    public bool Knows(string? host)
        => string.Equals(host, HostOf(Shop), StringComparison.OrdinalIgnoreCase) || string.Equals(host, HostOf(Identity), StringComparison.OrdinalIgnoreCase);

    /// <summary>The origin that a page under another port of <paramref name="host"/> belongs to.</summary>
    public Uri For(string host)
        => string.Equals(host, Identity.Host, StringComparison.OrdinalIgnoreCase) && !string.Equals(host, Shop.Host, StringComparison.OrdinalIgnoreCase)
            ? Identity
            : Shop;

    private static string HostOf(Uri origin) => origin.IsDefaultPort ? origin.Host : origin.Authority;
}
