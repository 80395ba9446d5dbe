using SecureShop.StandIns.IdentityServer.Tokens;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Makes the tokens for a user's grant: what he and the client may have now, not what they might have when it was given.</summary>
internal sealed class UserTokens(ScopeValidator validator, TokenFactory factory, GrantVault vault, IProfileService profile, TimeProvider clock)
{
    private const string Refresh = IdentityServerConstants.PersistedGrantTypes.RefreshToken;

    public async Task<TokenAnswer> CreateAsync(ValidatedRequest request, UserGrant grant, IReadOnlyList<string> scopes)
    {
        request.Scopes = validator.Validate(request.Client, scopes);
        if (!request.Scopes.Succeeded)
            return TokenAnswer.Refuse(Errors.InvalidScope, "A scope is no longer for this client.");

        var active = new IsActiveContext(request.Subject!);
        await profile.IsActiveAsync(active);
        if (!active.IsActive)
        {
            await vault.EndFamilyAsync(grant);
            return TokenAnswer.Refuse(Errors.InvalidGrant, "The user may not have tokens.");
        }

        var accessToken = await factory.CreateAccessTokenAsync(request);
        return new TokenAnswer
        {
            SubjectId = grant.SubjectId,
            Scopes = scopes,
            AccessToken = accessToken,
            ExpiresIn = request.Client.AccessTokenLifetime,
            IdentityToken = request.Scopes.Has(IdentityServerConstants.StandardScopes.OpenId)
                ? await factory.CreateIdentityTokenAsync(request, grant.Nonce, accessToken)
                : null,
            RefreshToken = grant.Scopes.Contains(IdentityServerConstants.StandardScopes.OfflineAccess, StringComparer.Ordinal)
                ? await vault.StoreAsync(Refresh, grant with { RedirectUri = null, CodeChallenge = null, Nonce = null }, EndOf(request.Client, grant))
                : null,
        };
    }

    /// <summary>However often it is prolonged, a chain ends at its absolute end.</summary>
    private DateTime EndOf(Client client, UserGrant grant)
    {
        var absolute = grant.Start.AddSeconds(client.AbsoluteRefreshTokenLifetime);
        if (client.RefreshTokenExpiration == TokenExpiration.Absolute)
            return absolute;
        var sliding = clock.GetUtcNow().UtcDateTime.AddSeconds(client.SlidingRefreshTokenLifetime);
        return client.AbsoluteRefreshTokenLifetime > 0 && absolute < sliding ? absolute : sliding;
    }
}
