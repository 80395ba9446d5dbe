using System.Collections.Specialized;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Tokens;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>
/// Takes a client's wish to sign the user out to the logout page (OpenID Connect RP-Initiated Logout). Only an identity token of
/// ours proves the client; without one the page asks the user, and nothing that was sent in is believed.
/// </summary>
internal sealed class EndSessionEndpoint(
    TokenReader tokens, ClientList clients, UserSession session, SealedMessages messages, IdentityServerOptions options) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.ForbidStoring();
        var parameters = HttpMethods.IsPost(context.Request.Method)
            ? await Parameters.FromFormAsync(context.Request)
            : Parameters.FromQuery(context.Request);
        if (parameters is null)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var page = options.UserInteraction.LogoutUrl;
        var message = Parameters.FindRepeated(parameters) is null ? await ReadAsync(parameters) : null;
        context.Response.Redirect(message is null
            ? page
            : QueryHelpers.AddQueryString(page, "logoutId", messages.Seal(message)));
    }

    private async Task<LogoutRequest?> ReadAsync(NameValueCollection parameters)
    {
        if (parameters.Value("id_token_hint") is not { } hint)
            return null;
        if (hint.Length > InputLimits.IdTokenHint || await tokens.ReadIdentityTokenHintAsync(hint) is not { } token)
            return null;

        // Another user's token must not sign this one out.
        var user = await session.GetUserAsync();
        if (user is not null && token.Subject != user.GetSubjectId())
            return null;
        if (clients.Find(token.Audiences.FirstOrDefault() ?? string.Empty) is not { } client)
            return null;
        if (parameters.Value("client_id") is { } clientId && clientId != client.ClientId)
            return null;
        return new LogoutRequest
        {
            SubjectId = user?.GetSubjectId(),
            ClientId = client.ClientId,
            ClientName = client.ClientName,
            PostLogoutRedirectUri = WayBack(client, parameters),
        };
    }

    private static string? WayBack(Client client, NameValueCollection parameters)
    {
        if (parameters.Value("post_logout_redirect_uri") is not { } redirect || !client.PostLogoutRedirectUris.Contains(redirect, StringComparer.Ordinal))
            return null;
        return parameters.Value("state") is { Length: <= InputLimits.State } state ? QueryHelpers.AddQueryString(redirect, "state", state) : redirect;
    }
}
