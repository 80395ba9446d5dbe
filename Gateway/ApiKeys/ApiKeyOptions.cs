using Microsoft.Extensions.Options;

namespace SecureShop.Gateway.ApiKeys;

/// <summary>Section <c>ApiKeys</c>.</summary>
internal sealed record ApiKeyOptions
{
    public const string Section = "ApiKeys";

    /// <summary>How long what Identity said of a key is believed: for as long a key that was revoked goes on working.</summary>
    public int KeepSeconds { get; init; } = 30;

    internal sealed class Validator : IValidateOptions<ApiKeyOptions>
    {
        public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
            => options.KeepSeconds is >= 1 and <= 60
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set ApiKeys__KeepSeconds to a number from 1 to 60.");
    }
}
