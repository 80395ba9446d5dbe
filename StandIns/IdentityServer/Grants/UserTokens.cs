using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Stores;
using SecureShop.StandIns.IdentityServer.Tokens;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Grants;

/// <summary>Makes the tokens for a user's grant: what he and the client may have now, not what they might have when it was given.</summary>
internal sealed class UserTokens(ScopeValidator validator, TokenFactory factory, GrantVault vault, IProfileService profile, TimeProvider clock)
{
    private const string Refresh = IdentityServerConstants.PersistedGrantTypes.RefreshToken;

    public async Task<TokenAnswer> CreateAsync(
        ValidatedTokenRequest request, UserGrant grant, IReadOnlyList<string> scopes, string caller, string? keptRefreshToken = null)
    {
        request.RequestedScopes = scopes;
        request.ValidatedResources = await validator.ValidateAsync(request.Client, scopes);
        if (!request.ValidatedResources.Succeeded)
            return TokenAnswer.Refuse(Errors.InvalidScope, "A scope is no longer for this client.");

        var active = new IsActiveContext(request.Subject!, request.Client, caller);
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
            ExpiresIn = request.AccessTokenLifetime,
            IdentityToken = scopes.Contains(IdentityServerConstants.StandardScopes.OpenId, StringComparer.Ordinal)
                ? await factory.CreateIdentityTokenAsync(request, grant.Nonce, accessToken)
                : null,
            RefreshToken = grant.Scopes.Contains(IdentityServerConstants.StandardScopes.OfflineAccess, StringComparer.Ordinal)
                ? await KeepAsync(request.Client, grant, keptRefreshToken)
                : null,
        };
    }

    private async Task<string> KeepAsync(Client client, UserGrant grant, string? kept)
    {
        var refresh = grant with { RedirectUri = null, CodeChallenge = null, Nonce = null };
        if (kept is null)
            return await vault.StoreAsync(Refresh, refresh, EndOf(client, grant));
        if (client.RefreshTokenExpiration == TokenExpiration.Sliding)
            await vault.StoreAsync(Refresh, kept, refresh, EndOf(client, grant));
        return kept;
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
