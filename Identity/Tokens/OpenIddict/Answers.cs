namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What OpenIddict does not say, or in other words than the standards.</summary>
internal static class Answers
{
    /// <summary>A device that polls more often than every five seconds (RFC 8628, 3.2), and some for its clock and the way, is told to wait longer.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(4);

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.On<HandleConfigurationRequestContext>(Discovery.AttachAdditionalMetadata.Descriptor.After, Describe);
        server.On<ApplyAuthorizationResponseContext, IOpenIddictApplicationManager>(
            Authentication.AttachRedirectUri.Descriptor.After, clients => context => FindClientAsync(context, clients));
        server.On<ApplyAuthorizationResponseContext>(Authentication.InferResponseMode.Descriptor.After, ChooseMode);
        server.On<ApplyAuthorizationResponseContext>(HttpHandlers.AttachHttpResponseCode<ApplyAuthorizationResponseContext>.Descriptor.After, TellPerson);
        server.On<ApplyEndSessionResponseContext>(HttpHandlers.AttachHttpResponseCode<ApplyEndSessionResponseContext>.Descriptor.After, TellPerson);
        server.On<ApplyEndUserVerificationResponseContext>(HttpHandlers.AttachHttpResponseCode<ApplyEndUserVerificationResponseContext>.Descriptor.After, TellPerson);
        server.On<ApplyIntrospectionResponseContext>(Introspection.NormalizeErrorResponse.Descriptor.Before, SayInactive);
        server.On<ApplyTokenResponseContext, ReplayMarks>(Exchange.NormalizeErrorResponse.Descriptor.After, marks => context => SlowDownAsync(context, marks));
    }

    // What is not offered is not named, what is is.
    private static void Describe(HandleConfigurationRequestContext context)
    {
        // Scopes of services are nothing that a client could ask for.
        context.Scopes.ExceptWith(ShopScopes.OfServices);

        // Public clients have nothing to prove themselves by (RFC 8414, 2).
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.Metadata["acr_values_supported"] = new JsonArray([.. Acr.All.Select(acr => JsonValue.Create(acr))]);
        context.Metadata["dpop_signing_alg_values_supported"] = new JsonArray("ES256");
        foreach (var endpoint in (string[])["token", "introspection", "revocation"])
            context.Metadata[endpoint + "_endpoint_auth_signing_alg_values_supported"] = new JsonArray("ES256");
        context.Metadata["backchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_session_supported"] = true;
    }

    // RFC 6749, 4.1.2.1: once client and address are beyond doubt the client hears of errors. OpenIddict tells the person, who can do nothing about them.
    private static async ValueTask FindClientAsync(ApplyAuthorizationResponseContext context, IOpenIddictApplicationManager clients)
    {
        // Nothing leaves for an address that is not this client's: the server would be an open redirector.
        if (context.Error is not null && context.RedirectUri is null && context.Request is { ClientId: { } id, RedirectUri: { } address }
            && await clients.FindByClientIdAsync(id, context.CancellationToken) is { } client
            && await clients.ValidateRedirectUriAsync(client, address, context.CancellationToken))
            context.RedirectUri = address;
    }

    // Of a mode that we do not have, too, the client has to hear.
    private static void ChooseMode(ApplyAuthorizationResponseContext context)
    {
        if (context.Error is not null && context.ResponseMode != ResponseModes.FormPost)
            context.ResponseMode = ResponseModes.Query;
    }

    // What cannot go back to a client (it, or its address, is unknown) is told to the person on a page of ours, in the one word of the
    // standard: to an address that nobody has matched nothing is sent.
    private static void TellPerson(BaseRequestContext context)
    {
        if (context.Transaction.Response?.Error is not { } error || context is ApplyAuthorizationResponseContext { RedirectUri: not null })
            return;
        context.Http().Response.Redirect(QueryHelpers.AddQueryString(Paths.ErrorPage, "reason", error));
        context.HandleRequest();
    }

    // RFC 7662, 2.2: what is no access token is no error either.
    private static void SayInactive(ApplyIntrospectionResponseContext context)
    {
        if (context.Response.Error == Errors.UnsupportedTokenType)
            context.Response.Error = Errors.InvalidToken;
    }

    // RFC 8628, 3.5. The mark is made in one step and goes by itself, at whichever replica.
    private static async ValueTask SlowDownAsync(ApplyTokenResponseContext context, ReplayMarks marks)
    {
        if (context.Response.Error != Errors.AuthorizationPending)
            return;
        try
        {
            if (!await marks.TryUseAsync("poll", context.Request!.ClientId!, context.Request.DeviceCode!, Pace, context.CancellationToken))
                context.Response.Error = Errors.SlowDown;
        }
        catch (ReplayMarksUnavailableException)
        {
            // Nobody can tell how often it came: then the less often the better.
            context.Response.Error = Errors.SlowDown;
        }
    }
}
