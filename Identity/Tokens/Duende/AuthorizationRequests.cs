using Duende.IdentityServer.Services;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Requests that wait for a person. IdentityServer checks them anew each time that a page asks.</summary>
internal sealed class AuthorizationRequests(
    IIdentityServerInteractionService interaction, KnownClients clients, Demands demands, RequestMarks marks, TimeProvider clock) : IAuthorizationRequests
{
    public async Task<AuthorizationRequest?> FindAsync(HttpContext context, string? returnUrl)
    {
        if (await interaction.GetAuthorizationContextAsync(returnUrl) is not { } request || clients.Find(request.Client.ClientId) is not { } client)
            return null;
        var wanted = await demands.OfAsync(request.Parameters, client);
        var needs = wanted.Needs(ShopSession.Of(context.User), marks.Find(context, returnUrl!), clock.GetUtcNow());
        return new(client, [.. request.ValidatedResources.RawScopeValues], request.RedirectUri, needs, request.LoginHint, returnUrl!);
    }
}

internal sealed class SignOutRequests(IIdentityServerInteractionService interaction, KnownClients clients) : ISignOutRequests
{
    public async Task<SignOutRequest?> FindAsync(string? id)
        => id is not null && await interaction.GetLogoutContextAsync(id) is { ClientId: { } clientId } request
            ? new(clients.Find(clientId), request.PostLogoutRedirectUri) : null;
}
