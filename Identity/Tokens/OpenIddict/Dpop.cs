namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Tokens bound to a key that the client proves with every request (RFC 9449), so that a stolen token is of no use.</summary>
internal sealed class Dpop(DpopProofs proofs, KnownClients clients)
{
    /// <summary>The claim of codes and refresh tokens, and the property of a request, that hold the thumbprint.</summary>
    public const string BoundTo = "oi_jkt";

    private const string Parameter = "dpop_jkt";
    private const string Confirmation = "cnf";
    private const string Thumbprint = "jkt";
    private const string TokenType = "DPoP";
    private const string Scheme = TokenType + " ";

    public static void AddTo(OpenIddictServerBuilder server)
    {
        server.Services.AddDpopProofs();
        server.Services.AddSingleton<Dpop>();
        server.On<ValidatePushedAuthorizationRequestContext, Dpop>(Authentication.ValidatePushedAuthentication.Descriptor.After, dpop => dpop.OnPushAsync);
        server.On<ValidateTokenRequestContext, Dpop>(Exchange.ValidateGrantedScopes.Descriptor.After, dpop => dpop.OnTokenAsync);
        server.On<ProcessSignInContext, Dpop>(PrepareUserCodePrincipal.Descriptor.After, dpop => dpop.BindAsync);
        server.On<ProcessSignInContext>(AttachSignInParameters.Descriptor.After, SayType);

        // The library's own knows confirmations by certificate alone, and throws at others.
        server.Instead<ValidateTokenContext, Dpop>(Protection.ValidateProofOfPossession.Descriptor, dpop => dpop.OnUseAsync);
        server.On<ExtractUserInfoRequestContext>(HttpHandlers.ExtractAccessToken<ExtractUserInfoRequestContext>.Descriptor.After, Extract);
        server.On<ApplyUserInfoResponseContext>(HttpHandlers.AttachWwwAuthenticateHeader<ApplyUserInfoResponseContext>.Descriptor.After, Challenge);
        server.On<HandleIntrospectionRequestContext>(Introspection.AttachMetadataClaims.Descriptor.After, SayTypeToApi);
    }

    /// <summary>A proof with a pushed request binds the code (RFC 9449, 10.1).</summary>
    private async ValueTask OnPushAsync(ValidatePushedAuthorizationRequestContext context)
    {
        if (await CheckAsync(context) is not { } key)
            return;
        if ((string?)context.Request[Parameter] is { } named && named != key)
            context.Reject(DpopCheck.InvalidProof, "The proof is of another key than dpop_jkt names.");
        else
            context.Request[Parameter] = key;
    }

    private async ValueTask OnTokenAsync(ValidateTokenRequestContext context)
    {
        var key = await CheckAsync(context);
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

    private ValueTask BindAsync(ProcessSignInContext context)
    {
        if (context.AuthorizationCodePrincipal is { } code && (string?)context.Request[Parameter] is { } named)
            code.SetClaim(BoundTo, named);

        // A refresh token of a client that proves itself is bound to the client, which may change its key (RFC 9449, 5).
        var key = context.Transaction.GetProperty<string>(BoundTo);
        context.RefreshTokenPrincipal?.SetClaim(BoundTo, clients.Find(context.ClientId) is { IsPublic: true } ? key : null);
        if (key is not null)
            context.AccessTokenPrincipal?.SetClaim(Confirmation, new JsonObject { [Thumbprint] = key });
        return default;
    }

    private static void SayType(ProcessSignInContext context)
    {
        if (context.Transaction.GetProperty<string>(BoundTo) is not null && context.Response.AccessToken is not null)
            context.Response.TokenType = TokenType;
    }

    /// <summary>A token that is bound to a key is of no use without a proof by it, under whatever scheme it comes (no downgrade to Bearer).</summary>
    private async ValueTask OnUseAsync(ValidateTokenContext context)
    {
        if (context.DisableProofOfPossessionValidation || context.Principal!.GetClaim(Confirmation) is not { } confirmation)
            return;
        var bound = (string?)JsonNode.Parse(confirmation)?[Thumbprint];
        if (!IsDpop(context))
            context.Reject(Errors.InvalidToken, "The token is bound to a key: use the scheme DPoP.");
        else if (await CheckAsync(context, context.Token) != bound && !context.IsRejected)
            context.Reject(Errors.InvalidToken, "The token is bound to another key.");
    }

    private static void Extract(ExtractUserInfoRequestContext context)
    {
        // A token in an address ends up in logs and histories (RFC 6750, 5.3).
        if (context.Http().Request.Query.ContainsKey(Parameters.AccessToken))
            context.Transaction.Request!.AccessToken = null;
        if (IsDpop(context))
            context.Transaction.Request!.AccessToken = Header(context)[Scheme.Length..];
    }

    // RFC 9449, 7.1: an API asks for proofs, and for its nonce, by a challenge of this scheme.
    private static void Challenge(ApplyUserInfoResponseContext context)
    {
        var response = context.Http().Response;
        if (context.Response.Error is DpopCheck.InvalidProof or DpopCheck.UseNonce)
            response.StatusCode = StatusCodes.Status401Unauthorized;
        if (IsDpop(context) && response.Headers.WWWAuthenticate.ToString() is { Length: > 0 } challenge)
            response.Headers.WWWAuthenticate = Scheme + challenge.Replace("Bearer ", "", StringComparison.Ordinal);
    }

    private static void SayTypeToApi(HandleIntrospectionRequestContext context)
    {
        if (context.Confirmation?.ContainsKey(Thumbprint) == true)
            context.TokenType = TokenType;
    }

    private static bool IsDpop(BaseContext context) => Header(context).StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    private static string Header(BaseContext context) => context.Http().Request.Headers.Authorization.ToString();

    /// <summary>The thumbprint of the key; null without a proof where no token needs one, or where the request has been rejected.</summary>
    private async ValueTask<string?> CheckAsync(BaseValidatingContext context, string? accessToken = null)
    {
        var http = context.Http();
        if (accessToken is null && http.Request.Headers[DpopProofs.Header].Count == 0)
            return null;
        var address = context.Options.Issuer!.AbsoluteUri + http.Request.Path;
        var check = await proofs.CheckAsync(http.Request, address, accessToken, needsNonce: true, context.CancellationToken);
        if (check.Nonce is { } nonce)
            http.Response.Headers["DPoP-Nonce"] = nonce;
        if (check.Error is { } error)
            context.Reject(error, check.Description);
        return check.Thumbprint;
    }
}
