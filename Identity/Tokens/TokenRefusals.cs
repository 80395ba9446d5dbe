namespace SecureShop.Identity.Tokens;

/// <summary>
/// Leaves the event of a request of the protocol that was refused, the same on either engine. Of what a caller sent in nothing goes
/// into it, and of who it says it is only what was proven.
/// </summary>
internal static class TokenRefusals
{
    public static void Leave(HttpContext context, string? error, string? client = null, string? subject = null, bool reused = false)
    {
        // Whatever refused it before has said more than is known here: an API key, whose it was.
        if (!TokenErrors.IsRefusal(error) || RefusalEvent.IsRecorded(context))
            return;
        var reason = reused ? IdentityRefusal.GrantReused : IdentityRefusal.Grant;
        (int Status, Action<ILogger> Leave)? refusal = ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, error) switch
        {
            (Paths.UserInfo, "missing_token") => (StatusCodes.Status401Unauthorized, log => log.AccessRefused(RefusalReason.NoCredential)),
            (Paths.UserInfo, "insufficient_scope") => (StatusCodes.Status403Forbidden, log => log.AccessRefused(RefusalReason.MissingScope)),
            (Paths.UserInfo, _) => (StatusCodes.Status401Unauthorized, log => log.TokenRejected(RefusalReason.TokenOther)),
            (Paths.Token or Paths.Introspect or Paths.Revoke or Paths.Push or Paths.Device, "invalid_client")
                => (StatusCodes.Status401Unauthorized, log => log.ClientRefused()),
            (Paths.Token or Paths.Introspect or Paths.Revoke, _) => (StatusCodes.Status400BadRequest, log => log.GrantRefused(client, subject, reason)),
            (Paths.Authorize or Paths.Push or Paths.Device, _) => (StatusCodes.Status400BadRequest, log => log.AuthorizationRefused()),
            _ => null,
        };
        if (refusal is var (status, leave))
            leave(SecurityLog.Of(context, status));
    }
}
