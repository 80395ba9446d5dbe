using System.Collections.Specialized;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Events;
using SecureShop.StandIns.IdentityServer.Extensions;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Stores;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Where a user's browser comes from a client and goes back with a code; the login page lies between.</summary>
internal sealed class AuthorizeEndpoint(
    AuthorizeRequestValidator validator, Interaction interaction, AuthorizeAnswers answers, UserSession session, GrantVault vault,
    IEventService events, TimeProvider clock) : IProtocolEndpoint
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

        var result = await validator.ValidateAsync(parameters);
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
        var subjectId = request.Subject!.GetSubjectId();
        var grant = new UserGrant
        {
            ClientId = request.ClientId,
            SubjectId = subjectId,
            SessionId = request.SessionId,
            Scopes = request.RequestedScopes,
            Claims = UserGrant.ClaimsOf(request.Subject!),
            Start = now,
            RedirectUri = request.RedirectUri,
            CodeChallenge = request.CodeChallenge,
            Nonce = request.Nonce,
        };
        var code = await vault.StoreAsync(
            IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, grant, now.AddSeconds(request.Client.AuthorizationCodeLifetime));
        await session.AddClientIdAsync(request.ClientId);
        await events.RaiseAsync(new TokenIssuedSuccessEvent(
            IdentityServerConstants.EndpointNames.Authorize, request.Client, GrantType.AuthorizationCode, request.RequestedScopes, subjectId,
            [new TokenIssuedSuccessEvent.Token("code", code)])
        {
            RedirectUri = request.RedirectUri,
        });
        await answers.SendAsync(context, request, new NameValueCollection { ["code"] = code });
    }

    private async Task RefuseAsync(HttpContext context, AuthorizeRequestResult result)
    {
        await events.RaiseAsync(new TokenIssuedFailureEvent(
            IdentityServerConstants.EndpointNames.Authorize, result.ClientId, GrantType.AuthorizationCode, result.ErrorTarget?.Raw["scope"],
            result.ErrorTarget?.Subject?.FindFirst(ClaimNames.Subject)?.Value, result.Error!.Code, result.Error.Description)
        {
            RedirectUri = result.ErrorTarget?.RedirectUri,
        });
        if (result.ErrorTarget is { } target)
        {
            await answers.SendAsync(
                context, target, new NameValueCollection { ["error"] = result.Error.Code, ["error_description"] = result.Error.Description });
            return;
        }

        answers.ShowError(context, result.Error, result.ClientId);
    }
}
