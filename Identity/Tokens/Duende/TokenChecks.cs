using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using TokenValidationResult = Duende.IdentityServer.Validation.TokenValidationResult;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Tokens that come back to the server itself, by the clock of the service. An access token's family must live, its person be there, and
/// at the userinfo endpoint its holder hold its key; IdentityServer knows of none but the person.
/// </summary>
internal sealed class TokenChecks(
    IKeyMaterialService keys, IClientStore clients, IProfileService profile, Families families, IOptions<IssuerOptions> issuer, IHttpContextAccessor http, TimeProvider clock)
    : ITokenValidator
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public async Task<TokenValidationResult> ValidateAccessTokenAsync(string token, string? expectedScope = null)
    {
        if (await ReadAsync(token, "at+jwt", audience: null, validateLifetime: true) is not { } claims || await clients.FindClientByIdAsync(Find(claims, "client_id") ?? "") is not { } client)
            return Invalid("invalid_token");
        var active = new IsActiveContext(new(new ClaimsIdentity(claims, "token")), client, nameof(TokenChecks));
        await profile.IsActiveAsync(active);
        if (!active.IsActive || (Find(claims, Families.Claim) is { } family && !await families.LivesAsync(family)) || !UserInfo.HoldsKey(http.HttpContext, ThumbprintOf(Find(claims, "cnf"))))
            return Invalid("invalid_token");
        return expectedScope is null || claims.Exists(claim => claim.Type == "scope" && claim.Value == expectedScope)
            ? new() { IsError = false, Claims = claims, Client = client, Jwt = token } : Invalid("insufficient_scope");
    }

    public async Task<TokenValidationResult> ValidateIdentityTokenAsync(string token, string? clientId = null, bool validateLifetime = true)
    {
        var audience = clientId ?? (Handler.CanReadToken(token) ? Handler.ReadJsonWebToken(token).Audiences.FirstOrDefault() : null) ?? "";
        return await ReadAsync(token, "JWT", audience, validateLifetime) is { } claims && await clients.FindClientByIdAsync(audience) is { } client
            ? new() { IsError = false, Claims = claims, Client = client, Jwt = token } : Invalid("invalid_token");
    }

    private async Task<List<Claim>?> ReadAsync(string token, string type, string? audience, bool validateLifetime)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Value.Issuer,
            ValidTypes = [type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = (await keys.GetValidationKeysAsync()).Select(key => key.Key),
            ValidateAudience = audience is not null,
            ValidAudience = audience,
            ValidateLifetime = validateLifetime,
            LifetimeValidator = (begins, ends, _, _) => !validateLifetime || (ends > now && begins <= now + ClientAssertions.ClockSkew),
        });
        return result.IsValid ? [.. result.ClaimsIdentity.Claims.SelectMany(Split)] : null;
    }

    private static IEnumerable<Claim> Split(Claim claim)
        => claim.Type == "scope" ? claim.Value.Split(' ').Select(scope => new Claim("scope", scope)) : [claim];

    private static string? Find(List<Claim> claims, string type) => claims.Find(claim => claim.Type == type)?.Value;

    private static string? ThumbprintOf(string? confirmation)
    {
        if (confirmation is null)
            return null;
        using var json = JsonDocument.Parse(confirmation);
        return json.RootElement.GetProperty("jkt").GetString();
    }

    private static TokenValidationResult Invalid(string error) => new() { IsError = true, Error = error };
}
