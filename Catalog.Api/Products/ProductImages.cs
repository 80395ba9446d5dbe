using Microsoft.Extensions.Options;

namespace SecureShop.Catalog.Products;

/// <summary>
/// Pictures by reference. Sellers name them and everybody's browser fetches them, so they lie at hosts that are ours to name: any other would learn
/// who looks at what, and could answer something else tomorrow. The shop itself never fetches one (P39).
/// </summary>
internal sealed class ProductImages(IOptions<ImageOptions> options)
{
    /// <summary>The most that a product has.</summary>
    public const int Most = 8;

    /// <summary>The longest address.</summary>
    public const int MaxLength = 500;

    private readonly HashSet<string> hosts = options.Value.Hosts.ToHashSet(StringComparer.Ordinal);

    /// <summary>The addresses as they are kept; null where one is not allowed, and then <paramref name="refused"/> is its place.</summary>
    public string[]? Read(IReadOnlyList<string> addresses, out int refused)
    {
        var kept = new List<string>(addresses.Count);
        for (refused = 0; refused < addresses.Count; refused++)
        {
            if (Read(addresses[refused]) is not { } address || kept.Contains(address, StringComparer.Ordinal))
                return null;
            kept.Add(address);
        }

        return [.. kept];
    }

    /// <summary>As a browser reads it and no other way, so that what was checked is what is fetched.</summary>
    private string? Read(string? text)
        => text is { Length: > 0 and <= MaxLength } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            && uri is { IsDefaultPort: true, UserInfo: "", Fragment: "" } && hosts.Contains(uri.IdnHost)
            && uri.AbsoluteUri is { Length: <= MaxLength } address && text == address
            ? address
            : null;
}
