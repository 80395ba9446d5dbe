using System.Text.Json.Nodes;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using SecureShop.ServiceDefaults.Tokens;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Tokens bound to a key that the client proves with every request (RFC 9449), so that a stolen token is of no use.</summary>
internal static class Dpop
{
    /// <summary>The claim of codes and refresh tokens, and the property of a request, that hold the thumbprint.</summary>
    public const string BoundTo = "oi_jkt";

    private const string Parameter = "dpop_jkt";
    private const string Confirmation = "cnf";
    private const string Scheme = "DPoP ";

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.Services.AddDpopProofs();
        server.Services.AddScoped<DpopRequest>();
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler
            .SetOrder(Authentication.ValidatePushedAuthentication.Descriptor.Order + 500).UseScopedHandler<OnPush>());
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler
            .SetOrder(Exchange.ValidateGrantedScopes.Descriptor.Order + 500).UseScopedHandler<OnToken>());
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .SetOrder(PrepareUserCodePrincipal.Descriptor.Order + 500).UseScopedHandler<Bind>());
        server.AddEventHandler<ProcessSignInContext>(handler => handler
            .SetOrder(AttachSignInParameters.Descriptor.Order + 500).UseInlineHandler(SayType));
        server.AddEventHandler<ExtractUserInfoRequestContext>(handler => handler
            .AddFilter<OpenIddictServerAspNetCoreHandlerFilters.RequireHttpRequest>()
            .SetOrder(OpenIddictServerAspNetCoreHandlers.ExtractAccessToken<ExtractUserInfoRequestContext>.Descriptor.Order + 500).UseInlineHandler(Extract));
        server.AddEventHandler<ApplyUserInfoResponseContext>(handler => handler
            .SetOrder(OpenIddictServerAspNetCoreHandlers.AttachWwwAuthenticateHeader<ApplyUserInfoResponseContext>.Descriptor.Order + 500).UseInlineHandler(Challenge));

        // The library's own knows confirmations by certificate alone, and throws at others.
        server.RemoveEventHandler(Protection.ValidateProofOfPossession.Descriptor);
        server.AddEventHandler<ValidateTokenContext>(handler => handler
            .AddFilter<OpenIddictServerHandlerFilters.RequireTokenProofOfPossessionValidationEnabled>()
            .SetOrder(Protection.ValidateProofOfPossession.Descriptor.Order).UseScopedHandler<OnUse>());
        server.AddEventHandler<HandleIntrospectionRequestContext>(handler => handler
            .SetOrder(Introspection.AttachMetadataClaims.Descriptor.Order + 500).UseInlineHandler(SayTypeToApi));
    }

    /// <summary>A proof with a pushed request binds the code (RFC 9449, 10.1).</summary>
    internal sealed class OnPush(DpopRequest proofs) : IOpenIddictServerHandler<ValidatePushedAuthorizationRequestContext>
    {
        public async ValueTask HandleAsync(ValidatePushedAuthorizationRequestContext context)
        {
            var key = await proofs.CheckAsync(context, accessToken: null);
            if (context.IsRejected || key is null)
                return;
            if ((string?)context.Request[Parameter] is { } named && named != key)
                context.Reject(DpopCheck.InvalidProof, "The proof is of another key than dpop_jkt names.");
            else
                context.Request[Parameter] = key;
        }
    }

    internal sealed class OnToken(DpopRequest proofs, KnownClients clients) : IOpenIddictServerHandler<ValidateTokenRequestContext>
    {
        public async ValueTask HandleAsync(ValidateTokenRequestContext context)
        {
            var key = await proofs.CheckAsync(context, accessToken: null);
            if (context.IsRejected)
                return;
            var bound = (context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal)?.GetClaim(BoundTo);
            if (bound is not null && bound != key)
                context.Reject(key is null ? DpopCheck.InvalidProof : Errors.InvalidGrant, "The grant is bound to another key.");

            // FAPI 2.0, 5.3.2.1: to these clients no token that anybody could use.
            else if (key is null && clients.Find(context.ClientId) is { IsFapi: true })
                context.Reject(DpopCheck.InvalidProof, "This client gets tokens that are bound to a key: send a proof.");
            else
                context.Transaction.SetProperty(BoundTo, key);
        }
    }

    internal sealed class Bind(KnownClients clients) : IOpenIddictServerHandler<ProcessSignInContext>
    {
        public ValueTask HandleAsync(ProcessSignInContext context)
        {
            if (context.AuthorizationCodePrincipal is { } code && (string?)context.Request[Parameter] is { } named)
                code.SetClaim(BoundTo, named);

            // A refresh token of a client that proves itself is bound to the client, which may change its key (RFC 9449, 5).
            var key = context.Transaction.GetProperty<string>(BoundTo);
            context.RefreshTokenPrincipal?.SetClaim(BoundTo, clients.Find(context.ClientId) is { IsPublic: true } ? key : null);
            if (key is not null)
                context.AccessTokenPrincipal?.SetClaim(Confirmation, new JsonObject { ["jkt"] = key });
            return default;
        }
    }

    /// <summary>A token that is bound to a key is of no use without a proof by it, under whatever scheme it comes (no downgrade to Bearer).</summary>
    internal sealed class OnUse(DpopRequest proofs) : IOpenIddictServerHandler<ValidateTokenContext>
    {
        private static readonly Protection.ValidateProofOfPossession ByCertificate = new();

        public async ValueTask HandleAsync(ValidateTokenContext context)
        {
            var bound = context.Principal!.GetClaim(Confirmation) is { } confirmation ? (string?)JsonNode.Parse(confirmation)?["jkt"] : null;
            if (bound is null)
            {
                await ByCertificate.HandleAsync(context);
                return;
            }

            if (!IsDpop(context))
                context.Reject(Errors.InvalidToken, "The token is bound to a key: use the scheme DPoP.");
            else if (await proofs.CheckAsync(context, context.Token) != bound && !context.IsRejected)
                context.Reject(Errors.InvalidToken, "The token is bound to another key.");
        }
    }

    private static bool IsDpop(BaseContext context) => Header(context).StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    private static string Header(BaseContext context) => context.Transaction.GetHttpRequest()!.Headers.Authorization.ToString();

    private static ValueTask SayType(ProcessSignInContext context)
    {
        if (context.Transaction.GetProperty<string>(BoundTo) is not null && context.Response.AccessToken is not null)
            context.Response.TokenType = Scheme.TrimEnd();
        return default;
    }

    private static ValueTask SayTypeToApi(HandleIntrospectionRequestContext context)
    {
        if (context.Confirmation?.ContainsKey("jkt") == true)
            context.TokenType = Scheme.TrimEnd();
        return default;
    }

    private static ValueTask Extract(ExtractUserInfoRequestContext context)
    {
        // A token in an address ends up in logs and histories (RFC 6750, 5.3).
        if (context.Transaction.GetHttpRequest()!.Query.ContainsKey(Parameters.AccessToken))
            context.Transaction.Request!.AccessToken = null;
        if (IsDpop(context))
            context.Transaction.Request!.AccessToken = Header(context)[Scheme.Length..];
        return default;
    }

    // RFC 9449, 7.1: an API asks for proofs, and for its nonce, by a challenge of this scheme.
    private static ValueTask Challenge(ApplyUserInfoResponseContext context)
    {
        var response = context.Transaction.GetHttpRequest()!.HttpContext.Response;
        if (context.Response.Error is DpopCheck.InvalidProof or DpopCheck.UseNonce)
            response.StatusCode = StatusCodes.Status401Unauthorized;
        if (IsDpop(context) && response.Headers.WWWAuthenticate.ToString() is { Length: > 0 } challenge)
            response.Headers.WWWAuthenticate = Scheme + challenge.Replace("Bearer ", "", StringComparison.Ordinal);
        return default;
    }
}

/// <summary>Checks the proof of the request that is being served, in the words of OpenIddict.</summary>
internal sealed class DpopRequest(DpopProofs proofs)
{
    /// <summary>The thumbprint of the key; null without a proof where none is needed, or where the request has been rejected.</summary>
    public async ValueTask<string?> CheckAsync(BaseValidatingContext context, string? accessToken)
    {
        var request = context.Transaction.GetHttpRequest()!;
        if (accessToken is null && request.Headers[DpopProofs.Header].Count == 0)
            return null;
        try
        {
            var address = Wire.Issuer(context) + request.Path;
            var check = await proofs.CheckAsync(request, address, accessToken, needsNonce: true, context.CancellationToken);
            if (check.Nonce is { } nonce)
                request.HttpContext.Response.Headers["DPoP-Nonce"] = nonce;
            if (check.Error is { } error)
                context.Reject(error, check.Description);
            return check.Thumbprint;
        }
        catch (ReplayMarksUnavailableException)
        {
            // Fail closed: nobody can tell whether the proof is a copy.
            context.Reject(Errors.TemporarilyUnavailable, "Proofs cannot be checked at the moment. Try again.");
            return null;
        }
    }
}
