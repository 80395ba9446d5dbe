using Duende.IdentityServer.Events;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Leaves our events for IdentityServer's failures.</summary>
internal sealed class TokenEvents(IHttpContextAccessor http, Families families) : IEventSink
{
    public Task PersistAsync(Event evt)
    {
        if (http.HttpContext is not { } context)
            return Task.CompletedTask;
        switch (evt)
        {
            case ClientAuthenticationFailureEvent:
                TokenRefusals.Leave(context, "invalid_client");
                break;
            case TokenIssuedFailureEvent failure:
                TokenRefusals.Leave(context, failure.Error, failure.ClientId, failure.SubjectId, families.IsReused);
                break;
            case DeviceAuthorizationFailureEvent:
                TokenRefusals.Leave(context, "invalid_request");
                break;
        }

        return Task.CompletedTask;
    }
}
