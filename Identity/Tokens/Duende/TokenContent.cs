using Duende.IdentityServer;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// The claims of tokens beside those of <see cref="ShopProfile"/>: an access token names its family, and a client in its own name is its
/// subject (RFC 9068, 2.2). Nobody signs in elsewhere, so no token says where; and a key that was exchanged is no sign-in at all.
/// </summary>
internal sealed class TokenClaims(IProfileService profile, ILogger<DefaultClaimsService> logger) : DefaultClaimsService(profile, logger)
{
    public override async Task<IEnumerable<Claim>> GetAccessTokenClaimsAsync(ClaimsPrincipal? subject, ResourceValidationResult resourceResult, ValidatedRequest request)
    {
        var claims = await base.GetAccessTokenClaimsAsync(subject!, resourceResult, request);
        if (subject is null)
            return claims.Append(new Claim(ShopClaims.Subject, request.ClientId));
        return Families.Of(request) is { } family ? claims.Append(new Claim(Families.Claim, family)) : claims;
    }

    protected override IEnumerable<Claim> GetStandardSubjectClaims(ClaimsPrincipal subject)
        => base.GetStandardSubjectClaims(subject).Where(claim => subject.HasClaim(ShopClaims.AuthenticationMethod, ApiKeyGrants.Method)
            ? claim.Type == ShopClaims.Subject : claim.Type != BrowserSession.Provider);
}

/// <summary>Clients name an API by a URI (RFC 8707); the audience of a token is the API's own name.</summary>
internal sealed class AccessTokens(
    IClaimsService claims, IReferenceTokenStore references, ITokenCreationService creation, IClock clock, IKeyMaterialService keys,
    IdentityServerOptions options, ILogger<DefaultTokenService> logger)
    : DefaultTokenService(claims, references, creation, clock, keys, options, logger)
{
    public override async Task<Token> CreateAccessTokenAsync(TokenCreationRequest request)
    {
        var token = await base.CreateAccessTokenAsync(request);

        // RFC 9068, 3: a token for no API is for this server, whose userinfo endpoint takes it.
        token.Audiences = token.Audiences.Count == 0 ? [token.Issuer]
            : [.. token.Audiences.Select(resource => ShopScopes.ApiOf(resource) ?? throw new InvalidOperationException("An unknown API."))];
        return token;
    }
}
