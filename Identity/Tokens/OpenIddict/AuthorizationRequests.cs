namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Requests that wait for a person. Only what the authorize endpoint itself has marked for this browser is one.</summary>
internal sealed class AuthorizationRequests(KnownClients clients, RequestMarks marks, TimeProvider clock) : IAuthorizationRequests
{
    public Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl) => Task.FromResult(Find(context, returnUrl));

    private AuthorizationRequest? Find(HttpContext context, string? returnUrl)
    {
        if (returnUrl is null || marks.Find(context, returnUrl) is not { Asked: { } kept } mark
            || JsonSerializer.Deserialize<AskedFor>(kept) is not { } asked || clients.Find(asked.Client) is not { } client)
            return null;
        var needs = asked.Demands.Needs(ShopSession.Of(context.User), mark, clock.GetUtcNow());
        return new(client, asked.Scopes, asked.RedirectUri, needs, asked.LoginHint, returnUrl);
    }
}
