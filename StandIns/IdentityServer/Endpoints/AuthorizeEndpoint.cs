using System.Collections.Specialized;
using SecureShop.StandIns.IdentityServer.Sessions;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Where a user's browser comes from a client and goes back with a code; the login page lies between.</summary>
internal sealed class AuthorizeEndpoint(
    AuthorizeRequestValidator validator, Interaction interaction, AuthorizeAnswers answers, UserSession session, GrantVault vault,
    EventService events, TimeProvider clock) : IProtocolEndpoint
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

        var result = validator.Validate(parameters);
        if (result.Request is not { } request)
        {
            await RefuseAsync(context, result);
            return;
        }

        request.Subject = await session.GetUserAsync();
        request.SessionId = await session.GetSessionIdAsync();
        switch (await interaction.DecideAsync(request))
        {
            case { Error: { } error }:
                await RefuseAsync(context, AuthorizeRequestResult.ToClient(request, error));
                break;
            case { Page: { } page }:
                context.Response.Redirect(page);
                break;
            default:
                await GrantAsync(context, request);
                break;
        }
    }

    private async Task GrantAsync(HttpContext context, ValidatedAuthorizeRequest request)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var grant = new UserGrant
        {
            ClientId = request.Client.ClientId,
            SubjectId = request.Subject!.GetSubjectId(),
            SessionId = request.SessionId,
            Scopes = request.Scopes.Names,
            Claims = UserGrant.ClaimsOf(request.Subject!),
            Start = now,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            Nonce = request.Raw.Value("nonce"),
        };
        var code = await vault.StoreAsync(
            IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, grant, now.AddSeconds(request.Client.AuthorizationCodeLifetime));
        await answers.SendAsync(context, request, new NameValueCollection { ["code"] = code });
    }

    private async Task RefuseAsync(HttpContext context, AuthorizeRequestResult result)
    {
        await events.RaiseAsync(new TokenIssuedFailureEvent
        {
            Endpoint = IdentityServerConstants.EndpointNames.Authorize,
            ClientId = result.ClientId,
            SubjectId = result.ErrorTarget?.Subject?.FindFirst(ClaimNames.Subject)?.Value,
            Error = result.Error!.Code,
        });
        if (result.ErrorTarget is { } target)
        {
            await answers.SendAsync(
                context, target, new NameValueCollection { ["error"] = result.Error.Code, ["error_description"] = result.Error.Description });
            return;
        }

        answers.ShowError(context, result.Error);
    }
}
