using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.ServiceDefaults.Services;

/// <summary>Proves to the identity server who this service is, by signing (RFC 7523): no secret travels.</summary>
internal sealed class ClientAssertion : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ECDsa key = ECDsa.Create();
    private readonly string issuer;
    private readonly TimeProvider clock;
    private readonly SigningCredentials credentials;

    public ClientAssertion(IOptions<ServiceClientOptions> client, IOptions<IssuerOptions> issuer, TimeProvider clock)
    {
        this.issuer = issuer.Value.Issuer;
        this.clock = clock;
        ClientId = client.Value.Id;
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(client.Value.Key), out _);

        // The library's cache is one for the process, and would outlive this key.
        var signer = new ECDsaSecurityKey(key) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
        credentials = new SigningCredentials(signer, SecurityAlgorithms.EcdsaSha256);
    }

    public string ClientId { get; }

    public string Create()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "client-authentication+jwt",
            Issuer = ClientId,

            // The issuer and nothing else, so that no other server can use the assertion against this one.
            Audience = issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = ClientId,
                ["jti"] = Guid.NewGuid().ToString("N"),
            },
            SigningCredentials = credentials,
        });
    }

    public void Dispose() => key.Dispose();
}

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
