using Microsoft.Extensions.Options;

namespace SecureShop.Catalog.Products;

/// <summary>Section <c>Images</c>: where pictures of products may lie.</summary>
internal sealed record ImageOptions
{
    public const string Section = "Images";
    private const int MaxHosts = 20;

    /// <summary>The hosts, whole: no wildcards, no ports. Without any no product has a picture.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    internal sealed class Validator : IValidateOptions<ImageOptions>
    {
        public ValidateOptionsResult Validate(string? name, ImageOptions options)
            => options.Hosts.Count <= MaxHosts && options.Hosts.All(IsHost)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Set Images__Hosts__0 and so on to at most {MaxHosts} names of hosts in small letters, as in images.shop.example.");

        // No addresses: one of ours, or a cloud's metadata, would be fetched by whoever looks at the product.
        private static bool IsHost(string host)
            => Uri.CheckHostName(host) == UriHostNameType.Dns && host.Contains('.', StringComparison.Ordinal)
                && host.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '.' or '-');
    }
}
