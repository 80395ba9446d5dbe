using Microsoft.Extensions.Options;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.Doors;

/// <summary>The two origins that the world sees.</summary>
internal sealed class PublicOrigins(IOptions<ShopOptions> shop, IOptions<IssuerOptions> identity)
{
    // What people may have in their bookmarks; the home page of the one name is the shop's.
    private static readonly PathString[] IdentityPages = ["/account", "/connect", "/.well-known", "/error", "/assets"];

    private readonly string shopHost = HostOf(new Uri(shop.Value.Origin));
    private readonly string identityHost = HostOf(new Uri(identity.Value.Issuer));

    public Uri Shop { get; } = new(shop.Value.Origin);

    public Uri Identity { get; } = new(identity.Value.Issuer);

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
}
