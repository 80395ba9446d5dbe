using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

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
        credentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256);
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
