namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>
/// Requests for authorization: people are sent to a page as long as something is needed of them, then the client gets its code. What a page
/// must know of the request is kept in the browser's sealed mark, and believed from there alone.
/// </summary>
internal sealed class AuthorizationRequests(KnownClients clients, RequestMarks marks, TimeProvider clock) : IAuthorizationRequests
{
    /// <summary>What is longer is no address of a person.</summary>
    private const int MaxHint = 254;

    public static async Task<IResult> AnswerAsync(
        HttpContext context, KnownClients clients, RequestMarks marks, TokenPrincipals principals, CancellationToken cancellationToken)
    {
        var request = context.Checked();
        var client = clients.Find(request.ClientId) ?? throw new InvalidOperationException("An unknown client has passed.");
        var session = ShopSession.Of((await context.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Principal);
        var hinted = (await context.AuthenticateAsync(Endpoints.Scheme)).Principal?.GetClaim(Claims.Subject);
        var demands = new RequestDemands(
            [.. request.GetPromptValues()], request.MaxAge, RequestDemands.WeakestOf(request.GetAcrValues()), hinted, client.AsksForConsent);
        var address = Address(context.Request);
        var (needs, error) = marks.Next(context, address, session, demands, () => JsonSerializer.Serialize(new Asked(
            client.Id, [.. request.GetScopes()], request.RedirectUri!, request.LoginHint is { Length: <= MaxHint } hint ? hint : null, demands)));
        if (error is null && needs != Interaction.None)
            return TypedResults.LocalRedirect(QueryHelpers.AddQueryString(needs == Interaction.Consent ? Paths.ConsentPage : Paths.LoginPage, "returnUrl", address));
        if (error is not null)
            return Endpoints.Refuse(error);
        return await principals.ForSessionAsync(session!, client, [.. request.GetScopes()], request.GetResources(), cancellationToken) is { } principal
            ? Endpoints.SignIn(principal)
            : Endpoints.Refuse(Errors.AccessDenied);
    }

    // Only what the endpoint itself has marked for this browser is one.
    public Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl) => Task.FromResult(
        returnUrl is not null && marks.Find(context, returnUrl) is { Asked: { } kept } mark
        && JsonSerializer.Deserialize<Asked>(kept) is { } asked && clients.Find(asked.Client) is { } client
            ? new AuthorizationRequest(
                client, asked.Scopes, asked.RedirectUri, asked.Demands.Needs(ShopSession.Of(context.User), mark, clock.GetUtcNow()), asked.LoginHint, returnUrl)
            : null);

    // One spelling for a request by GET and by POST, so that it is found again when its person comes back.
    private static string Address(HttpRequest request) => Paths.Authorize + (HttpMethods.IsGet(request.Method)
        ? request.QueryString
        : QueryString.Create(request.Form.SelectMany(field => field.Value.Select(value => KeyValuePair.Create(field.Key, value)))));

    private sealed record Asked(string Client, IReadOnlyList<string> Scopes, string RedirectUri, string? LoginHint, RequestDemands Demands);
}
