using SecureShop.Identity.Accounts;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Turns the token server's failure events into ours. They hold what a caller sent in; of that nothing goes on, and of who it
/// says it is only what was proven.
/// </summary>
internal sealed class TokenEvents(SecurityLog security, IHttpContextAccessor http) : IEventSink
{
    // Asked without a page, and a page is needed: nothing was tried.
    private static readonly HashSet<string?> NoRefusal = ["login_required", "consent_required", "interaction_required", "account_selection_required", "access_denied"];

    public Task PersistAsync(Event evt)
    {
        switch (evt)
        {
            case ClientAuthenticationFailureEvent:
                security.ForCurrentRequest(StatusCodes.Status401Unauthorized).ClientRefused();
                break;

            // A client that did not prove itself is reported twice by some; the first has said it all.
            case TokenIssuedFailureEvent when http.HttpContext is { } context && RefusalEvent.IsRecorded(context):
                break;
            case TokenIssuedFailureEvent { Endpoint: IdentityServerConstants.EndpointNames.Token } failure:
                security.ForCurrentRequest(StatusCodes.Status400BadRequest).GrantRefused(
                    failure.ClientId, failure.SubjectId, HasReused(http.HttpContext) ? IdentityRefusal.GrantReused : IdentityRefusal.Grant);
                break;
            case TokenIssuedFailureEvent failure when !NoRefusal.Contains(failure.Error):
                security.ForCurrentRequest(StatusCodes.Status302Found).AuthorizationRefused();
                break;
        }

        return Task.CompletedTask;
    }

    /// <summary>At the token endpoint all grants of a session end for one reason: a code or refresh token came a second time.</summary>
    public static void SessionEnds(HttpContext? context)
    {
        if (context?.Request.Path.StartsWithSegments("/connect/token", StringComparison.OrdinalIgnoreCase) == true)
            context.Items[typeof(TokenEvents)] = true;
    }

    private static bool HasReused(HttpContext? context) => context?.Items.ContainsKey(typeof(TokenEvents)) == true;
}
