using System.Globalization;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// All that stems from one authorization lives and dies together: a code or a rotating refresh token that comes twice was stolen by one of
/// the two who hold it, and nobody knows by which (RFC 9700, 4.14).
/// </summary>
internal sealed class Families(IdentityDbContext database)
{
    private const string Began = "oi_began";

    public static void AddTo(OpenIddictServerBuilder server)
    {
        // The library's own lets two racing copies both pass.
        server.RemoveEventHandler(RedeemTokenEntry.Descriptor);
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .AddFilter<OpenIddictServerHandlerFilters.RequireTokenStorageEnabled>()
            .SetOrder(RedeemTokenEntry.Descriptor.Order).UseScopedHandler<Redeem>());
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .SetOrder(EvaluateGeneratedTokens.Descriptor.Order + 500).UseScopedHandler<KeepBound>());
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .SetOrder(PrepareRefreshTokenPrincipal.Descriptor.Order - 500).UseScopedHandler<Limit>());
        server.AddEventHandler<ValidateTokenContext>(handler => handler
            .AddFilter<OpenIddictServerHandlerFilters.RequireTokenIdResolved>()
            .SetOrder(Protection.ValidateTokenEntry.Descriptor.Order - 500).UseScopedHandler<EndWhenReused>());
        server.AddEventHandler<HandleRevocationRequestContext>(handler => handler
            .SetOrder(Revocation.RevokeToken.Descriptor.Order + 500).UseScopedHandler<EndWhenRevoked>());
    }

    /// <summary>Ends a family with one statement for all its tokens, whatever becomes of each meanwhile.</summary>
    public async Task EndAsync(string? family, CancellationToken cancellationToken)
    {
        if (family is null)
            return;
        await database.Database.ExecuteSqlAsync($"""
            with family as (update identity.authorizations set status = {Statuses.Revoked}, concurrency_token = gen_random_uuid()::text
                where id = {family} returning id)
            update identity.tokens set status = {Statuses.Revoked}, concurrency_token = gen_random_uuid()::text
                where authorization_id in (select id from family)
            """, cancellationToken);
    }

    /// <summary>
    /// Whether a refresh token is of use to its client alone: it is bound to a key, or the client proves itself. Such a one stays good
    /// (FAPI 2.0, 5.3.2.1): rotation would log people out whose client has lost one answer, and guard against nothing.
    /// </summary>
    private static bool IsBound(KnownClients clients, string? clientId, string? key) => clients.Find(clientId) is { IsPublic: false } || key is not null;

    private static ProcessAuthenticationContext? Proven(BaseContext context)
        => context.Transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);

    /// <summary>Takes what may be used once, by a statement of which one of several racing copies comes back with a row.</summary>
    internal sealed class Redeem(IdentityDbContext database, Families families, KnownClients clients, TimeProvider clock) : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public async ValueTask HandleAsync(ProcessSignInContext context)
        {
            var proven = Proven(context);
            var principal = context.EndpointType switch
            {
                OpenIddictServerEndpointType.Authorization => proven?.RequestTokenPrincipal,
                OpenIddictServerEndpointType.EndUserVerification => proven?.UserCodePrincipal,
                OpenIddictServerEndpointType.Token when context.Request.IsAuthorizationCodeGrantType() => proven?.AuthorizationCodePrincipal,
                OpenIddictServerEndpointType.Token when context.Request.IsDeviceCodeGrantType() => proven?.DeviceCodePrincipal,
                OpenIddictServerEndpointType.Token when context.Request.IsRefreshTokenGrantType() && !IsBound(clients, context.ClientId, proven?.RefreshTokenPrincipal?.GetClaim(Dpop.BoundTo))
                    => proven?.RefreshTokenPrincipal,
                _ => null,
            };
            if (principal?.GetTokenId() is not { } id)
                return;
            var taken = await database.Database.ExecuteSqlAsync($"""
                update identity.tokens set status = {Statuses.Redeemed}, redemption_date = {clock.GetUtcNow()}, concurrency_token = gen_random_uuid()::text
                where id = {id} and status = {Statuses.Valid}
                """, context.CancellationToken);
            if (taken == 1)
                return;
            await families.EndAsync(principal.GetAuthorizationId(), context.CancellationToken);
            ServerEvents.Reused(context.Transaction);
            context.Reject(Errors.InvalidGrant, "It was used before.");
        }
    }

    /// <summary>No second refresh token where the first stays good.</summary>
    internal sealed class KeepBound(KnownClients clients) : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public ValueTask HandleAsync(ProcessSignInContext context)
        {
            if (context.EndpointType == OpenIddictServerEndpointType.Token && context.Request.IsRefreshTokenGrantType()
                && IsBound(clients, context.ClientId, Proven(context)?.RefreshTokenPrincipal?.GetClaim(Dpop.BoundTo)))
                (context.GenerateRefreshToken, context.IncludeRefreshToken) = (false, false);
            return default;
        }
    }

    /// <summary>Unused for too long, or since too long: one that rotates slides within its longest life, one that stays has it at once.</summary>
    internal sealed class Limit(KnownClients clients, TimeProvider clock) : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public ValueTask HandleAsync(ProcessSignInContext context)
        {
            if (!context.GenerateRefreshToken)
                return default;
            var now = clock.GetUtcNow();
            var began = long.TryParse(context.Principal!.GetClaim(Began), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? DateTimeOffset.FromUnixTimeSeconds(at) : now;
            context.Principal!.SetClaim(Began, began.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            var left = began + TokenLifetimes.RefreshLongest - now;
            var bound = IsBound(clients, context.ClientId, context.Transaction.GetProperty<string>(Dpop.BoundTo));
            context.Principal!.SetRefreshTokenLifetime(bound || left < TokenLifetimes.RefreshIdle ? left : TokenLifetimes.RefreshIdle);
            return default;
        }
    }

    internal sealed class EndWhenReused(IOpenIddictTokenManager tokens, Families families) : IOpenIddictServerHandler<ValidateTokenContext>
    {
        public async ValueTask HandleAsync(ValidateTokenContext context)
        {
            if (context.AuthorizationId is not { } family || await tokens.FindByIdAsync(context.TokenId!, context.CancellationToken) is not { } token
                || !await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken))
                return;
            await families.EndAsync(family, context.CancellationToken);
            ServerEvents.Reused(context.Transaction);
        }
    }

    /// <summary>RFC 7009, 2.1: with a refresh token the access tokens of the same grant end.</summary>
    internal sealed class EndWhenRevoked(Families families) : IOpenIddictServerHandler<HandleRevocationRequestContext>
    {
        public async ValueTask HandleAsync(HandleRevocationRequestContext context)
        {
            if (!context.IsRejected && context.GenericTokenPrincipal is { } token && token.HasTokenType(TokenTypeIdentifiers.RefreshToken))
                await families.EndAsync(token.GetAuthorizationId(), context.CancellationToken);
        }
    }
}
