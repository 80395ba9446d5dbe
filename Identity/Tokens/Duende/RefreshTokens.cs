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
    IRefreshTokenStore store, IProfileService profile, IClock clock, PersistentGrantOptions options, ILogger<DefaultRefreshTokenService> logger,
    Families families, IHttpContextAccessor http)
    : DefaultRefreshTokenService(store, profile, clock, options, logger)
{
    /// <summary>Whether <paramref name="token"/> is good for one use.</summary>
    public static bool Rotates(Client client, RefreshToken token) => !client.RequireClientSecret && token.ProofType is not ProofType.DPoP;

    public override async Task<TokenValidationResult> ValidateRefreshTokenAsync(string tokenHandle, Client client)
    {
        var result = await base.ValidateRefreshTokenAsync(tokenHandle, client);
        if (result.IsError)
            return result;
        var isProven = result.RefreshToken!.ProofType is not ProofType.DPoP || http.HttpContext!.Request.Headers["DPoP"].Count > 0;
        return isProven && await families.LivesAsync(result.RefreshToken.Description) ? result : new() { IsError = true, Error = "invalid_grant" };
    }

    public override Task<string> CreateRefreshTokenAsync(RefreshTokenCreationRequest request)
    {
        var token = new RefreshToken
        {
            Subject = request.Subject,
            SessionId = request.AccessToken.SessionId,
            ClientId = request.Client.ClientId,
            Description = request.Description,
            AuthorizedScopes = request.AuthorizedScopes,

            // None named are all of them, not none.
            AuthorizedResourceIndicators = request.AuthorizedResourceIndicators?.Any() == true ? request.AuthorizedResourceIndicators : null,
            ProofType = request.ProofType,
            CreationTime = Clock.UtcNow.UtcDateTime,
        };
        token.Lifetime = Rotates(request.Client, token) ? request.Client.SlidingRefreshTokenLifetime : request.Client.AbsoluteRefreshTokenLifetime;
        token.SetAccessToken(request.AccessToken, request.RequestedResourceIndicator);
        return RefreshTokenStore.StoreRefreshTokenAsync(token);
    }

    public override Task<string> UpdateRefreshTokenAsync(RefreshTokenUpdateRequest request)
    {
        var token = request.RefreshToken;
        if (!Rotates(request.Client, token))
            return Task.FromResult(request.Handle);

        // The one that came was taken out of use when its request was accepted.
        var age = (int)(Clock.UtcNow.UtcDateTime - token.CreationTime).TotalSeconds;
        token.Lifetime = Math.Min(age + request.Client.SlidingRefreshTokenLifetime, request.Client.AbsoluteRefreshTokenLifetime);
        return RefreshTokenStore.StoreRefreshTokenAsync(token);
    }

    protected override async Task<bool> AcceptConsumedTokenAsync(RefreshToken refreshToken)
    {
        await families.EndReusedAsync(refreshToken.Description);
        return false;
    }
}
