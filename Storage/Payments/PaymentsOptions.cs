using Microsoft.Extensions.Options;

namespace SecureShop.Storage.Payments;

/// <summary>Section <c>Payments</c>: who is asked for money, and who may say that something has become of a payment.</summary>
public sealed record PaymentsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Payments";

    /// <summary>The provider that takes no money (<see cref="DevelopmentPayments{TContext}"/>).</summary>
    public const string Development = "development";

    private const int ShortestSecret = 24;

    /// <summary>The provider's name. There is none without it, wherever the service runs: a shop that gives its goods away by mistake is worse than one that does not start.</summary>
    public string Provider { get; init; } = "";

    /// <summary>What the provider signs its notices with, base64. Several while they are changed; without any no notice is believed.</summary>
    public IReadOnlyList<string> WebhookSecrets { get; init; } = [];

    /// <summary>How far a notice's time may be from ours.</summary>
    public TimeSpan WebhookTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The keys that the secrets stand for.</summary>
    public IReadOnlyList<byte[]> WebhookKeys() => [.. WebhookSecrets.Select(secret => Read(secret)!)];

    private static byte[]? Read(string secret)
    {
        var text = secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret["whsec_".Length..] : secret;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= ShortestSecret ? key[..length] : null;
    }

    /// <summary>Stops the start without a provider, or with a secret that is none.</summary>
    public sealed class Validator : IValidateOptions<PaymentsOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, PaymentsOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            if (options.Provider != Development)
                return ValidateOptionsResult.Fail($"Set Payments__Provider to the payment provider's name; there is one, {Development}, which takes no money.");
            if (options.WebhookSecrets.Any(secret => Read(secret) is null))
                return ValidateOptionsResult.Fail($"Set Payments__WebhookSecrets__0 to a random secret of {ShortestSecret} bytes or more, in base64.");
            return options.WebhookTolerance <= TimeSpan.Zero || options.WebhookTolerance > TimeSpan.FromHours(1)
                ? ValidateOptionsResult.Fail("Set Payments__WebhookTolerance to more than nothing and at most an hour, as in 00:05:00.")
                : ValidateOptionsResult.Success;
        }
    }
}
