using System.Collections.Frozen;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What OpenIddict lets pass, or refuses in other words, and the standards do not.</summary>
internal static class RequestRules
{
    private static readonly FrozenDictionary<string, OpenIddictServerEndpointType> Types = new Dictionary<string, OpenIddictServerEndpointType>
    {
        [Paths.Configuration] = OpenIddictServerEndpointType.Configuration,
        [Paths.OAuthMetadata] = OpenIddictServerEndpointType.Configuration,
        [Paths.Keys] = OpenIddictServerEndpointType.JsonWebKeySet,
        [Paths.Authorize] = OpenIddictServerEndpointType.Authorization,
        [Paths.Push] = OpenIddictServerEndpointType.PushedAuthorization,
        [Paths.Token] = OpenIddictServerEndpointType.Token,
        [Paths.Device] = OpenIddictServerEndpointType.DeviceAuthorization,
        [Paths.DevicePage] = OpenIddictServerEndpointType.EndUserVerification,
        [Paths.Introspect] = OpenIddictServerEndpointType.Introspection,
        [Paths.Revoke] = OpenIddictServerEndpointType.Revocation,
        [Paths.UserInfo] = OpenIddictServerEndpointType.UserInfo,
        [Paths.EndSession] = OpenIddictServerEndpointType.EndSession,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.RemoveEventHandler(InferEndpointType.Descriptor);
        server.AddEventHandler<ProcessRequestContext>(handler => handler.SetOrder(InferEndpointType.Descriptor.Order).UseInlineHandler(Address));
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(Once));
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(Once));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(Once));
        server.AddEventHandler<ValidateDeviceAuthorizationRequestContext>(handler => handler.SetOrder(int.MinValue + 1).UseInlineHandler(Once));
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler
            .SetOrder(Authentication.ValidateScopePermissions.Descriptor.Order - 1).UseInlineHandler(CheckDemands));
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler
            .SetOrder(Authentication.ValidatePushedScopePermissions.Descriptor.Order - 1).UseInlineHandler(CheckDemands));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler
            .SetOrder(Exchange.ValidateGrantedScopes.Descriptor.Order - 1).UseInlineHandler(WithinGrant));
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler
            .SetOrder(Authentication.ValidateAuthentication.Descriptor.Order + 500)
            .UseInlineHandler(context => CheckHint(context, context.Request.IdTokenHint, context.IdentityTokenHintPrincipal)));
        server.AddEventHandler<ValidatePushedAuthorizationRequestContext>(handler => handler
            .SetOrder(Authentication.ValidatePushedAuthentication.Descriptor.Order + 500)
            .UseInlineHandler(context => CheckHint(context, context.Request.IdTokenHint, context.IdentityTokenHintPrincipal)));
        server.AddEventHandler<ApplyIntrospectionResponseContext>(handler => handler
            .SetOrder(Introspection.NormalizeErrorResponse.Descriptor.Order - 1).UseInlineHandler(IsInactive));
        SayUnavailable<ApplyTokenResponseContext>(server);
        SayUnavailable<ApplyPushedAuthorizationResponseContext>(server);
        SayUnavailable<ApplyIntrospectionResponseContext>(server);
        SayUnavailable<ApplyRevocationResponseContext>(server);
        SayUnavailable<ApplyUserInfoResponseContext>(server);
    }

    // Nothing is wrong with the request: it may be tried again.
    private static void SayUnavailable<TContext>(OpenIddictServerBuilder server)
        where TContext : BaseRequestContext
        => server.AddEventHandler<TContext>(handler => handler
            .SetOrder(OpenIddictServerAspNetCoreHandlers.AttachHttpResponseCode<TContext>.Descriptor.Order + 500)
            .UseInlineHandler(context =>
            {
                if (context.Transaction.Response?.Error == Errors.TemporarilyUnavailable)
                    context.Transaction.GetHttpRequest()!.HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return default;
            }));

    // The library answers before the router could: an address or a method that is not there is the router's, and HEAD is a GET. Its own
    // way would compare with each of our addresses at every request.
    private static ValueTask Address(ProcessRequestContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        if (request.HttpContext.GetEndpoint() is not RouteEndpoint)
            return default;
        context.EndpointType = Types.GetValueOrDefault(request.Path.Value!.TrimEnd('/'));
        if (HttpMethods.IsHead(request.Method))
            request.Method = HttpMethods.Get;

        // A post without a body, its token in the header, is right (OpenID Connect Core 5.3.1); the library wants it to be a form.
        else if (context.EndpointType == OpenIddictServerEndpointType.UserInfo && HttpMethods.IsPost(request.Method) && request.Headers.ContentType.Count == 0)
            request.ContentType = "application/x-www-form-urlencoded";
        return default;
    }

    // RFC 6749, 3.1 and 3.2: of two values this reader and the next might take different ones. A resource may be one of several (RFC 8707).
    private static ValueTask Once(BaseValidatingContext context)
    {
        if (context.Transaction.Request!.GetParameters().Any(parameter => parameter.Value.Count > 1 && parameter.Key != Parameters.Resource))
            context.Reject(Errors.InvalidRequest, "A parameter is there more than once.");
        return default;
    }

    // What cannot be read must not count for nothing: the client would rely on a demand that nobody has heard.
    private static ValueTask CheckDemands(BaseValidatingContext context)
    {
        var request = context.Transaction.Request!;
        if (request.GetParameter(Parameters.MaxAge) is not null && request.MaxAge is not >= 0)
            context.Reject(Errors.InvalidRequest, "The parameter max_age is no number of seconds.");

        // RFC 7636, 4.2.
        else if (request.CodeChallenge is { Length: < 43 or > 128 })
            context.Reject(Errors.InvalidRequest, "The parameter code_challenge is none.");
        return default;
    }

    // The client wants this person and no other, and nobody can tell whom it means.
    private static ValueTask CheckHint(BaseValidatingContext context, string? hint, ClaimsPrincipal? person)
    {
        if (!string.IsNullOrEmpty(hint) && person is null)
            context.Reject(Errors.InvalidRequest, "The parameter id_token_hint is no ID token of this server.");
        return default;
    }

    // RFC 6749, 5.2: the refresh token itself is good.
    private static ValueTask WithinGrant(ValidateTokenRequestContext context)
    {
        if (context.Request.IsRefreshTokenGrantType() && context.RefreshTokenPrincipal is { } granted
            && context.Request.GetScopes().Except(granted.GetScopes(), StringComparer.Ordinal).Any())
            context.Reject(Errors.InvalidScope, "More was asked for than was granted.");
        return default;
    }

    // RFC 7662, 2.2: what is no access token is no error either.
    private static ValueTask IsInactive(ApplyIntrospectionResponseContext context)
    {
        if (context.Response.Error == Errors.UnsupportedTokenType)
            context.Response.Error = Errors.InvalidToken;
        return default;
    }
}
