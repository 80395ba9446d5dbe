using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>Section <c>ServiceClient</c>: who this service is when it calls others.</summary>
internal sealed record ServiceClientOptions
{
    public const string Section = "ServiceClient";

    public string Id { get; init; } = "";

    /// <summary>The private key, PKCS#8 in base64, on the curve P-256.</summary>
    public string Key { get; init; } = "";

    /// <summary>A record would write its members, and one of them is a secret.</summary>
    public override string ToString() => nameof(ServiceClientOptions);

    internal sealed class Validator : IValidateOptions<ServiceClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, ServiceClientOptions options)
        {
            if (options.Id.Length == 0)
                return ValidateOptionsResult.Fail("Set ServiceClient__Id to the client id of this service.");
            try
            {
                using var key = ECDsa.Create();
                key.ImportPkcs8PrivateKey(Convert.FromBase64String(options.Key), out _);
                return key.KeySize == 256
                    ? ValidateOptionsResult.Success
                    : ValidateOptionsResult.Fail("Set ServiceClient__Key to a key on the curve P-256.");
            }
            catch (Exception failure) when (failure is FormatException or CryptographicException)
            {
                // Without the exception's words: they could carry a part of the key into a log.
                return ValidateOptionsResult.Fail("Set ServiceClient__Key to a PKCS#8 private key in base64.");
            }
        }
    }
}
