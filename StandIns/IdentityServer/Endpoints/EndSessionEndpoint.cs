using System.Collections.Specialized;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Stores;
using SecureShop.StandIns.IdentityServer.Tokens;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>
/// Takes a client's wish to sign the user out to the logout page (OpenID Connect RP-Initiated Logout). Only an identity token of
/// ours proves the client; without one the page asks the user, and nothing that was sent in is believed.
/// </summary>
internal sealed class EndSessionEndpoint(
    TokenReader tokens, IClientStore clients, UserSession session, SealedMessages messages, CookieScheme scheme,
    IOptionsMonitor<CookieAuthenticationOptions> cookies, IdentityServerOptions options) : IProtocolEndpoint
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

        var page = options.UserInteraction.LogoutUrl ?? cookies.Get(await scheme.GetNameAsync()).LogoutPath;
        var message = Parameters.FindRepeated(parameters) is null ? await ReadAsync(parameters) : null;
        context.Response.Redirect(message is null
            ? page
            : QueryHelpers.AddQueryString(page, options.UserInteraction.LogoutIdParameter, messages.Seal(message)));
    }

    private async Task<LogoutMessage?> ReadAsync(NameValueCollection parameters)
    {
        var user = await session.GetUserAsync();
        if (user is null && options.Authentication.RequireAuthenticatedUserForSignOutMessage)
            return null;

        var message = new LogoutMessage
        {
            SubjectId = user?.GetSubjectId(),
            SessionId = await session.GetSessionIdAsync(),
            ClientIds = user is null ? null : (await session.GetClientListAsync()).ToList(),
        };
        if (parameters.Value("id_token_hint") is not { } hint)
            return message.ClientIds is { } ids && ids.Any() ? message : null;
        if (hint.Length > options.InputLengthRestrictions.IdTokenHint || await tokens.ReadIdentityTokenHintAsync(hint) is not { } token)
            return null;

        // Another user's token must not sign this one out.
        if (user is not null && token.Subject != user.GetSubjectId())
            return null;
        return await AddClientAsync(message, token, parameters);
    }

    private async Task<LogoutMessage?> AddClientAsync(LogoutMessage message, JsonWebToken token, NameValueCollection parameters)
    {
        if (await clients.FindEnabledClientByIdAsync(token.Audiences.FirstOrDefault() ?? string.Empty) is not { } client)
            return null;
        if (parameters.Value("client_id") is { } clientId && clientId != client.ClientId)
            return null;

        message.ClientId = client.ClientId;
        message.ClientName = client.ClientName;
        if (parameters.Value("post_logout_redirect_uri") is { } redirect && client.PostLogoutRedirectUris.Contains(redirect, StringComparer.Ordinal))
        {
            message.PostLogoutRedirectUri = parameters.Value("state") is { Length: <= 2000 } state
                ? QueryHelpers.AddQueryString(redirect, "state", state)
                : redirect;
        }

        return message;
    }
}
