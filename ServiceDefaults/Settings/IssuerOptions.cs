using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults;

/// <summary>Section <c>Identity</c>: whose tokens are accepted.</summary>
public sealed record IssuerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Identity";

    /// <summary>The <c>iss</c> that a token must carry: the identity server's public origin.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Stops the start on what is no origin.</summary>
    public sealed class Validator : IValidateOptions<IssuerOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, IssuerOptions options)
            => PublicOrigin.IsValid(options.Issuer)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Identity__Issuer to the identity server's public https origin, without a slash at the end, as in https://localhost:7444.");
    }
}
