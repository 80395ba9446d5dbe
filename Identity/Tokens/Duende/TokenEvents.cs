using Duende.IdentityServer;
using Duende.IdentityServer.Events;
using Duende.IdentityServer.Services;

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

            // A client that did not prove itself is reported twice by some; the first has said it all.
            case TokenIssuedFailureEvent when http.HttpContext is { } context && RefusalEvent.IsRecorded(context):
            case TokenIssuedFailureEvent { Error: var error } when !TokenErrors.IsRefusal(error):
                break;
            case TokenIssuedFailureEvent { Endpoint: IdentityServerConstants.EndpointNames.Token } failure:
                security.ForCurrentRequest(StatusCodes.Status400BadRequest).GrantRefused(
                    failure.ClientId, failure.SubjectId, families.IsReused ? IdentityRefusal.GrantReused : IdentityRefusal.Grant);
                break;
            case TokenIssuedFailureEvent:
                security.ForCurrentRequest(StatusCodes.Status302Found).AuthorizationRefused();
                break;
            case DeviceAuthorizationFailureEvent:
                security.ForCurrentRequest(StatusCodes.Status400BadRequest).AuthorizationRefused();
                break;
        }

        return Task.CompletedTask;
    }
}
