using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults;

/// <summary>Section <c>Shop</c>: where the public finds the shop.</summary>
public sealed record ShopOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Shop";

    /// <summary>The shop's public origin.</summary>
    public string Origin { get; init; } = "";

    /// <summary>
    /// The public address of <paramref name="path"/>, for a <c>Location</c>. Made of the configuration: a forged Host header must not get
    /// into it.
    /// </summary>
    public Uri AddressOf(string path) => new($"{Origin}/{path}", UriKind.Absolute);

    /// <summary>Stops the start on what is no origin.</summary>
    public sealed class Validator : IValidateOptions<ShopOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, ShopOptions options)
            => PublicOrigin.IsValid(options.Origin)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Shop__Origin to the shop's public https origin, without a slash at the end, as in https://localhost:7443.");
    }
}
