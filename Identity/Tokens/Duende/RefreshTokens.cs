using Duende.IdentityServer;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Stores.Serialization;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Refresh tokens that only their holder can use, because a key is needed too, stay as they are (FAPI 2.0, 5.3.2.1): an answer that gets
/// lost logs nobody out. Others change with each use, and one that comes a second time ends its family.
/// </summary>
internal sealed class RefreshTokens(
    IRefreshTokenStore store, IProfileService profile, IClock clock, PersistentGrantOptions options, ILogger<DefaultRefreshTokenService> logger, Families families)
    : DefaultRefreshTokenService(store, profile, clock, options, logger)
{
    /// <summary>Whether <paramref name="token"/> is good for one use.</summary>
    public static bool Rotates(Client client, RefreshToken token) => !client.RequireClientSecret && token.ProofType is not ProofType.DPoP;

    public override async Task<TokenValidationResult> ValidateRefreshTokenAsync(string tokenHandle, Client client)
    {
        var result = await base.ValidateRefreshTokenAsync(tokenHandle, client);
        return result.IsError || await families.LivesAsync(result.RefreshToken!.Description)
            ? result : new() { IsError = true, Error = "invalid_grant" };
    }

    public override async Task<string> UpdateRefreshTokenAsync(RefreshTokenUpdateRequest request)
    {
        if (!Rotates(request.Client, request.RefreshToken))
            return request.Client.RefreshTokenExpiration == TokenExpiration.Absolute ? request.Handle : await base.UpdateRefreshTokenAsync(request);

        // The one that came was taken out of use when its request was accepted.
        var token = request.RefreshToken;
        var age = (int)(Clock.UtcNow.UtcDateTime - token.CreationTime).TotalSeconds;
        token.Lifetime = Math.Min(age + request.Client.SlidingRefreshTokenLifetime, request.Client.AbsoluteRefreshTokenLifetime);
        return await RefreshTokenStore.StoreRefreshTokenAsync(token);
    }

    protected override async Task<bool> AcceptConsumedTokenAsync(RefreshToken refreshToken)
    {
        await families.EndReusedAsync(refreshToken.Description);
        return false;
    }
}
