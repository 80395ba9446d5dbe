using Endpoint = OpenIddict.Server.OpenIddictServerEndpointType;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What is asked for where; and what OpenIddict lets pass, or refuses in other words, and the standards do not.</summary>
internal static class Requests
{
    private static readonly (Endpoint Kind, Func<OpenIddictServerOptions, List<Uri>> Addresses, string[] Paths)[] Endpoints =
    [
        (Endpoint.Configuration, options => options.ConfigurationEndpointUris, [Paths.Configuration, Paths.OAuthMetadata]),
        (Endpoint.JsonWebKeySet, options => options.JsonWebKeySetEndpointUris, [Paths.Keys]),
        (Endpoint.Authorization, options => options.AuthorizationEndpointUris, [Paths.Authorize]),
        (Endpoint.PushedAuthorization, options => options.PushedAuthorizationEndpointUris, [Paths.Push]),
        (Endpoint.Token, options => options.TokenEndpointUris, [Paths.Token]),
        (Endpoint.DeviceAuthorization, options => options.DeviceAuthorizationEndpointUris, [Paths.Device]),
        (Endpoint.EndUserVerification, options => options.EndUserVerificationEndpointUris, [Paths.DevicePage]),
        (Endpoint.Introspection, options => options.IntrospectionEndpointUris, [Paths.Introspect]),
        (Endpoint.Revocation, options => options.RevocationEndpointUris, [Paths.Revoke]),
        (Endpoint.UserInfo, options => options.UserInfoEndpointUris, [Paths.UserInfo]),
        (Endpoint.EndSession, options => options.EndSessionEndpointUris, [Paths.EndSession]),
    ];

    private static readonly FrozenDictionary<string, Endpoint> Kinds = Endpoints
        .SelectMany(endpoint => endpoint.Paths, (endpoint, path) => KeyValuePair.Create(path, endpoint.Kind)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.Configure(options => Array.ForEach(
            Endpoints, endpoint => endpoint.Addresses(options).AddRange(endpoint.Paths.Select(path => new Uri(path, UriKind.Relative)))));
        server.RemoveEventHandler(InferEndpointType.Descriptor).On<ProcessRequestContext>(InferEndpointType.Descriptor.Order, Address);
        Check<ValidateAuthorizationRequestContext>(server, Authentication.ValidateScopePermissions.Descriptor);
        Check<ValidatePushedAuthorizationRequestContext>(server, Authentication.ValidatePushedScopePermissions.Descriptor);
        Check<ValidateDeviceAuthorizationRequestContext>(server, Device.ValidateScopePermissions.Descriptor);
        Check<ValidateTokenRequestContext>(server, Exchange.ValidateScopePermissions.Descriptor);
        server.On<ValidateAuthorizationRequestContext>(Authentication.ValidateScopePermissions.Descriptor.Before, Demands);
        server.On<ValidatePushedAuthorizationRequestContext>(Authentication.ValidatePushedScopePermissions.Descriptor.Before, Demands);
        server.On<ValidateTokenRequestContext>(Exchange.ValidateGrantedScopes.Descriptor.Before, WithinGrant);
    }

    private static void Check<TContext>(OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor scopePermissions)
        where TContext : BaseValidatingContext
    {
        server.On<TContext>(int.MinValue + 1, Once);
        server.Instead<TContext, KnownClients>(scopePermissions, clients => context => CheckScopes(context, clients));
    }

    // The library answers before the router could: an address or a method that is not there is the router's, and HEAD is a GET. Its own
    // way would compare with each of our addresses at every request: 4 KB and a twentieth of its time.
    private static void Address(ProcessRequestContext context)
    {
        var request = context.Http().Request;
        if (request.HttpContext.GetEndpoint() is not RouteEndpoint)
            return;
        context.EndpointType = Kinds.GetValueOrDefault(request.Path.Value!.TrimEnd('/'));
        if (HttpMethods.IsHead(request.Method))
            request.Method = HttpMethods.Get;

        // A post without a body, its token in the header, is right (OpenID Connect Core 5.3.1); the library wants it to be a form.
        else if (context.EndpointType == Endpoint.UserInfo && HttpMethods.IsPost(request.Method) && request.Headers.ContentType.Count == 0)
            request.ContentType = "application/x-www-form-urlencoded";
    }

    // RFC 6749, 3.1 and 3.2: of two values this reader and the next might take different ones. A resource may be one of several (RFC 8707).
    private static void Once(BaseValidatingContext context)
    {
        if (context.Transaction.Request!.GetParameters().Any(parameter => parameter.Value.Count > 1 && parameter.Key != Parameters.Resource))
            context.Reject(Errors.InvalidRequest, "A parameter is there more than once.");
    }

    // A client gets the scopes that it is registered for. RFC 6749, 5.2 has a word for the others; the library says invalid_request.
    private static ValueTask CheckScopes(BaseValidatingContext context, KnownClients clients)
    {
        var request = context.Transaction.Request!;
        if (request.GetScopes().Except(clients.Find(request.ClientId)?.Scopes ?? [], StringComparer.Ordinal).Any())
            context.Reject(Errors.InvalidScope, "The client may not ask for this scope.");
        return default;
    }

    // What cannot be read must not count for nothing: the client would rely on a demand that nobody has heard.
    private static void Demands(BaseValidatingContext context)
    {
        var request = context.Transaction.Request!;
        if (request.GetParameter(Parameters.MaxAge) is not null && request.MaxAge is not >= 0)
            context.Reject(Errors.InvalidRequest, "The parameter max_age is no number of seconds.");

        // RFC 7636, 4.2.
        else if (request.CodeChallenge is { Length: < 43 or > 128 })
            context.Reject(Errors.InvalidRequest, "The parameter code_challenge is none.");

        // The client wants this person and no other, and nobody can tell whom it means.
        else if (!string.IsNullOrEmpty(request.IdTokenHint) && context.Proven()?.IdentityTokenPrincipal is null)
            context.Reject(Errors.InvalidRequest, "The parameter id_token_hint is no ID token of this server.");
    }

    // RFC 6749, 5.2: the refresh token itself is good.
    private static void WithinGrant(ValidateTokenRequestContext context)
    {
        if (context.RefreshTokenPrincipal is { } granted && context.Request.GetScopes().Except(granted.GetScopes(), StringComparer.Ordinal).Any())
            context.Reject(Errors.InvalidScope, "More was asked for than was granted.");
    }
}
