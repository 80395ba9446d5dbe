using System.Collections.Specialized;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Says what a request still needs of its person. IdentityServer's own notes of what was done travel in the address, where anybody can
/// write them, and its consent counts for any request of the same scopes; ours are bound to one request and one browser.
/// </summary>
internal sealed class Interactions(
    KnownClients clients, Demands demands, RequestMarks marks, Subjects subjects, IHttpContextAccessor http) : IAuthorizeInteractionResponseGenerator
{
    public async Task<InteractionResponse> ProcessInteractionAsync(ValidatedAuthorizeRequest request, ConsentResponse? consent = null)
    {
        var client = clients.Find(request.ClientId) ?? throw new InvalidOperationException("An unknown client has passed.");
        var (needs, error) = marks.Next(http.HttpContext!, Demands.AddressOf(request), ShopSession.Of(request.Subject), await demands.OfAsync(request.Raw, client));
        if (error is null && needs != Interaction.None)
            return needs == Interaction.Consent ? new() { IsConsent = true } : new() { IsLogin = true };
        if (error is not null || await subjects.FindAsync(request.Subject!) is not { } subject)
            return new() { Error = error ?? "access_denied" };
        request.ValidatedResources = request.ValidatedResources.Filter(ShopScopes.GrantableBy(subject.Roles, request.ValidatedResources.RawScopeValues));
        request.Description = Families.NewId();
        return new();
    }
}

/// <summary>Requests that wait for a person. IdentityServer checks them anew each time that a page asks.</summary>
internal sealed class AuthorizationRequests(
    IIdentityServerInteractionService interaction, KnownClients clients, Demands demands, RequestMarks marks, TimeProvider clock) : IAuthorizationRequests, ISignOutRequests
{
    public async Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl)
    {
        if (await interaction.GetAuthorizationContextAsync(returnUrl) is not { } request || clients.Find(request.Client.ClientId) is not { } client)
            return null;
        var wanted = await demands.OfAsync(request.Parameters, client);
        var needs = wanted.Needs(ShopSession.Of(context.User), marks.Find(context, returnUrl!), clock.GetUtcNow());
        return new(client, [.. request.ValidatedResources.RawScopeValues], request.RedirectUri, needs, request.LoginHint, returnUrl!);
    }

    public async Task<SignOutRequest?> FindAsync(string? id)
        => id is not null && await interaction.GetLogoutContextAsync(id) is { ClientId: { } clientId } request
            ? new(clients.Find(clientId), request.PostLogoutRedirectUri) : null;
}

/// <summary>Reads out of a request that IdentityServer has accepted what it demands of its person, and what it is known by.</summary>
internal sealed class Demands(ITokenValidator tokens)
{
    public async Task<RequestDemands> OfAsync(NameValueCollection request, ShopClient client) => new(
        Words(request["prompt"]),
        long.TryParse(request["max_age"], NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : null,
        RequestDemands.WeakestOf(Words(request["acr_values"])),
        request["id_token_hint"] is { Length: > 0 } hint ? await SubjectOfAsync(hint, client.Id) ?? "" : null,
        client.AsksForConsent);

    /// <summary>Whom an ID token of this client, perhaps an old one, is about; null where it is none.</summary>
    public async Task<string?> SubjectOfAsync(string idToken, string clientId)
        => await tokens.ValidateIdentityTokenAsync(idToken, clientId, validateLifetime: false) is { IsError: false, Claims: { } claims }
            ? claims.FirstOrDefault(claim => claim.Type == ShopClaims.Subject)?.Value : null;

    /// <summary>Where a request goes on when its person comes back, in one spelling whichever way it came: what it is known by.</summary>
    public static string AddressOf(ValidatedAuthorizeRequest request) => QueryHelpers.AddQueryString(Paths.Authorize, request.PushedAuthorizationReferenceValue is { } pushed
        ? [KeyValuePair.Create("client_id", (string?)request.ClientId), KeyValuePair.Create("request_uri", (string?)$"{IdentityServerConstants.PushedAuthorizationRequestUri}:{pushed}")]
        : request.Raw.AllKeys.OfType<string>().Order(StringComparer.Ordinal)
            .SelectMany(name => request.Raw.GetValues(name)!.Select(value => KeyValuePair.Create(name, (string?)value))));

    private static string[] Words(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
