using System.Collections.Specialized;
using Microsoft.AspNetCore.Http;
using SecureShop.StandIns.IdentityServer.Events;
using SecureShop.StandIns.IdentityServer.Grants;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Gives tokens for a grant.</summary>
internal sealed class TokenEndpoint(ClientAuthenticator clients, GrantTable grants, IEventService events) : IProtocolEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await Parameters.FromFormAsync(context.Request) is not { } parameters)
        {
            await context.WriteErrorAsync(new(Errors.InvalidRequest, "The request is not a form."));
            return;
        }

        var (client, answer) = await AnswerAsync(context, parameters);
        if (answer.Error is { } error)
        {
            await events.RaiseAsync(new TokenIssuedFailureEvent(
                IdentityServerConstants.EndpointNames.Token, client?.ClientId, Short(parameters["grant_type"]), Short(parameters["scope"]),
                answer.SubjectId, error.Code, error.Description));
            await context.WriteErrorAsync(error);
            return;
        }

        await events.RaiseAsync(new TokenIssuedSuccessEvent(
            IdentityServerConstants.EndpointNames.Token, client!, parameters["grant_type"], answer.Scopes, answer.SubjectId, answer.TokensForAudit()));
        await context.WriteJsonAsync(answer.ToBody());
    }

    private async Task<(Client? Client, TokenAnswer Answer)> AnswerAsync(HttpContext context, NameValueCollection parameters)
    {
        if (Parameters.FindRepeated(parameters) is not null)
            return (null, TokenAnswer.Refuse(Errors.InvalidRequest, "A parameter is sent more than once."));

        var authenticated = await clients.AuthenticateAsync(context, parameters);
        if (authenticated.Client is not { } client)
            return (null, TokenAnswer.Refuse(authenticated.Error!));
        return (client, await grants.AnswerAsync(client, authenticated.Secret!, parameters));
    }

    /// <summary>What is sent in goes into the audit trail, but not by the page.</summary>
    private static string? Short(string? value) => value is { Length: > 300 } ? value[..300] : value;
}
