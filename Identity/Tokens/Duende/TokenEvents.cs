using Duende.IdentityServer.Events;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Turns IdentityServer's failure events into ours. They hold what a caller sent in; of that nothing goes on, and of who it says it is
/// only what was proven.
/// </summary>
internal sealed class TokenEvents(SecurityLog security, IHttpContextAccessor http, Families families) : IEventSink
{
    public Task PersistAsync(Event evt)
    {
        switch (evt)
        {
            case ClientAuthenticationFailureEvent:
                security.ForCurrentRequest(StatusCodes.Status401Unauthorized).ClientRefused();
                break;

            // A client that did not prove itself, and an API key, have been reported already: the first has said it all.
            case TokenIssuedFailureEvent failure when !TokenErrors.IsRefusal(failure.Error) || (http.HttpContext is { } context && RefusalEvent.IsRecorded(context)):
                break;
            case TokenIssuedFailureEvent { Endpoint: IdentityServerConstants.EndpointNames.Token } failure:
                security.ForCurrentRequest(StatusCodes.Status400BadRequest).GrantRefused(
                    failure.ClientId, failure.SubjectId, families.IsReused ? IdentityRefusal.GrantReused : IdentityRefusal.Grant);
                break;
            case TokenIssuedFailureEvent or DeviceAuthorizationFailureEvent:
                var status = evt is TokenIssuedFailureEvent ? StatusCodes.Status302Found : StatusCodes.Status400BadRequest;
                security.ForCurrentRequest(status).AuthorizationRefused();
                break;
        }

        return Task.CompletedTask;
    }
}
