namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What answers at the addresses of the protocol. OpenIddict checks every request before, and answers some of them itself.</summary>
internal static class Endpoints
{
    public const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static void Map(IEndpointRouteBuilder routes) => ProtocolEndpoints.Map(routes, path => path switch
    {
        Paths.Token => TokenEndpoint.AnswerAsync,
        Paths.UserInfo => UserInfoAsync,
        Paths.Authorize => AuthorizationRequests.AnswerAsync,
        Paths.EndSession => SignOutRequests.Answer,
        _ => Answered,
    });

    /// <summary>The request that OpenIddict has checked.</summary>
    public static OpenIddictRequest Checked(this HttpContext context)
        => context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The token server has not seen this request.");

    public static SignInHttpResult SignIn(ClaimsPrincipal principal) => TypedResults.SignIn(principal, authenticationScheme: Scheme);

    public static ForbidHttpResult Refuse(string error) => TypedResults.Forbid(Refusal(error), [Scheme]);

    /// <summary>How OpenIddict is told of a refusal.</summary>
    public static AuthenticationProperties Refusal(string error)
        => new(new Dictionary<string, string?>(StringComparer.Ordinal) { [OpenIddictServerAspNetCoreConstants.Properties.Error] = error });

    // What a client may know about the person whose token it has (OpenID Connect Core 5.3).
    private static async Task<IResult> UserInfoAsync(HttpContext context, TokenSubjects subjects)
    {
        var token = (await context.AuthenticateAsync(Scheme)).Principal ?? throw new InvalidOperationException("No token has passed.");
        var scopes = token.GetScopes();
        if (!scopes.Contains(ShopScopes.OpenId))
            return Refuse(Errors.InsufficientScope);
        if (await subjects.FindAsync(token.GetClaim(Claims.Subject)!, Acr.SingleFactor) is not { } subject)
            return Refuse(Errors.InvalidToken);

        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { [Claims.Subject] = subject.Id };
        if (scopes.Contains(ShopScopes.Profile))
            claims[Claims.Name] = subject.Name;
        if (scopes.Contains(ShopScopes.Email))
            (claims[Claims.Email], claims[Claims.EmailVerified]) = (subject.Email, subject.EmailVerified);
        return TypedResults.Json(claims);
    }

    private static NotFound Answered() => TypedResults.NotFound();
}
