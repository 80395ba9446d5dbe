using System.Collections.Specialized;
using SecureShop.StandIns.IdentityServer.Grants;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Gives tokens for a grant.</summary>
internal sealed class TokenEndpoint(ClientAuthenticator clients, GrantTable grants, EventService events) : IProtocolEndpoint
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
            await events.RaiseAsync(new TokenIssuedFailureEvent
            {
                Endpoint = IdentityServerConstants.EndpointNames.Token,
                ClientId = client?.ClientId,
                SubjectId = answer.SubjectId,
                Error = error.Code,
            });
            await context.WriteErrorAsync(error);
            return;
        }

        await context.WriteJsonAsync(answer.ToBody());
    }

    private async Task<(Client? Client, TokenAnswer Answer)> AnswerAsync(HttpContext context, NameValueCollection parameters)
    {
        if (Parameters.FindRepeated(parameters) is not null)
            return (null, TokenAnswer.Refuse(Errors.InvalidRequest, "A parameter is sent more than once."));

        var authenticated = await clients.AuthenticateAsync(context, parameters);
        if (authenticated.Client is not { } client)
            return (null, TokenAnswer.Refuse(authenticated.Error!));
        return (client, await grants.AnswerAsync(client, parameters));
    }
}
