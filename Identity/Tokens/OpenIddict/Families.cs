using System.Globalization;
using Family = OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreAuthorization;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// All that stems from one authorization lives and dies together: a code or a rotating refresh token that comes twice was stolen by one of
/// the two who hold it, and nobody knows by which (RFC 9700, 4.14).
/// </summary>
internal sealed class Families(IdentityDbContext database, IOpenIddictTokenManager tokens, KnownClients clients, TimeProvider clock)
{
    private const string Began = "oi_began";

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.Services.AddScoped<Families>();

        // The library's own lets two racing copies both pass.
        server.RemoveEventHandler(RedeemTokenEntry.Descriptor).On<ProcessSignInContext, Families>(RedeemTokenEntry.Descriptor.Order, families => families.RedeemAsync);
        server.On<ProcessSignInContext, Families>(EvaluateGeneratedTokens.Descriptor.After, families => families.KeepAsync);
        server.On<ProcessSignInContext, Families>(PrepareRefreshTokenPrincipal.Descriptor.Before, families => families.LimitAsync);
        server.On<ValidateTokenContext, Families>(Protection.ValidateTokenEntry.Descriptor.Before, families => families.EndReusedAsync);
        server.On<HandleRevocationRequestContext, Families>(Revocation.RevokeToken.Descriptor.After, families => families.EndRevokedAsync);
    }

    /// <summary>Takes what may be used once, by a statement of which one of several racing copies comes back with a row.</summary>
    private async ValueTask RedeemAsync(ProcessSignInContext context)
    {
        var proven = context.Proven();
        var principal = proven?.RequestTokenPrincipal ?? proven?.UserCodePrincipal ?? proven?.AuthorizationCodePrincipal ?? proven?.DeviceCodePrincipal
            ?? (Stays(context) ? null : proven?.RefreshTokenPrincipal);
        if (principal?.GetTokenId() is not { } id)
            return;
        var taken = await database.Database.ExecuteSqlAsync($"""
            update identity.tokens set status = {Statuses.Redeemed}, redemption_date = {clock.GetUtcNow()}, concurrency_token = gen_random_uuid()::text
            where id = {id} and status = {Statuses.Valid}
            """, context.CancellationToken);
        if (taken == 1)
            return;
        await EndAsync(context, principal.GetAuthorizationId(), isReused: true);
        context.Reject(Errors.InvalidGrant, "It was used before.");
    }

    /// <summary>No second refresh token where the first stays good.</summary>
    private ValueTask KeepAsync(ProcessSignInContext context)
    {
        if (Stays(context))
            (context.GenerateRefreshToken, context.IncludeRefreshToken) = (false, false);
        return default;
    }

    /// <summary>Unused for too long, or since too long: one that rotates slides within its longest life, one that stays has it at once.</summary>
    private ValueTask LimitAsync(ProcessSignInContext context)
    {
        if (!context.GenerateRefreshToken)
            return default;
        var now = clock.GetUtcNow();
        var began = long.TryParse(context.Principal!.GetClaim(Began), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? DateTimeOffset.FromUnixTimeSeconds(at) : now;
        context.Principal!.SetClaim(Began, began.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var left = began + TokenLifetimes.RefreshLongest - now;
        var stays = IsBound(context.ClientId, context.Transaction.GetProperty<string>(Dpop.BoundTo));
        context.Principal!.SetRefreshTokenLifetime(stays || left < TokenLifetimes.RefreshIdle ? left : TokenLifetimes.RefreshIdle);
        return default;
    }

    private async ValueTask EndReusedAsync(ValidateTokenContext context)
    {
        if (context is { AuthorizationId: { } family, TokenId: { } id } && await tokens.FindByIdAsync(id, context.CancellationToken) is { } token
            && await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken))
            await EndAsync(context, family, isReused: true);
    }

    /// <summary>RFC 7009, 2.1: with a refresh token the access tokens of the same grant end.</summary>
    private async ValueTask EndRevokedAsync(HandleRevocationRequestContext context)
    {
        if (!context.IsRejected && context.GenericTokenPrincipal is { } token && token.HasTokenType(TokenTypeIdentifiers.RefreshToken))
            await EndAsync(context, token.GetAuthorizationId(), isReused: false);
    }

    // Every use of its tokens asks whether it lives, of those too that are being made at this moment.
    private async Task EndAsync(BaseContext context, string? family, bool isReused)
    {
        if (isReused)
            ServerEvents.Reused(context.Transaction);
        await database.Set<Family>().Where(row => row.Id == family)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Statuses.Revoked), context.CancellationToken);
    }

    /// <summary>Whether the request has brought a refresh token that stays good.</summary>
    private bool Stays(ProcessSignInContext context)
        => context.Proven()?.RefreshTokenPrincipal is { } token && IsBound(context.ClientId, token.GetClaim(Dpop.BoundTo));

    /// <summary>
    /// Whether a refresh token is of use to its client alone: it is bound to a key, or the client proves itself. Such a one stays good
    /// (FAPI 2.0, 5.3.2.1): rotation would log people out whose client has lost one answer, and guard against nothing.
    /// </summary>
    private bool IsBound(string? clientId, string? key) => key is not null || clients.Find(clientId) is { IsPublic: false };
}
