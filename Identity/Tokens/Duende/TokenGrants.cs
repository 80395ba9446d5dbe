using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Ends what was granted: the families of a session or of a person, and with them every token.</summary>
internal sealed class TokenGrants(IdentityDbContext database, IBackChannelLogoutService logout, IOptions<IssuerOptions> issuer, IHttpContextAccessor http) : ITokenGrants
{
    public async Task EndSessionAsync(string subject, string sessionId, CancellationToken cancellationToken)
    {
        // One statement, so that nothing is granted between finding out whom to tell and ending it.
        var ended = await database.Grants
            .FromSql($"delete from identity.grants where subject_id = {subject} and session_id = {sessionId} returning *")
            .AsNoTracking().ToListAsync(cancellationToken);
        var notice = new LogoutNotificationContext
        {
            SubjectId = subject,
            SessionId = sessionId,
            Issuer = issuer.Value.Issuer,
            ClientIds = [.. ended.Select(row => row.ClientId).Distinct(StringComparer.Ordinal)],
        };

        // After the answer: a client that does not answer keeps nobody from signing out.
        if (http.HttpContext is { Response.HasStarted: false } context)
            context.Response.OnCompleted(() => logout.SendLogoutNotificationsAsync(notice));
        else
            await logout.SendLogoutNotificationsAsync(notice);
    }

    public Task EndSubjectAsync(string subject, CancellationToken cancellationToken)
        => database.Grants.Where(row => row.SubjectId == subject).ExecuteDeleteAsync(cancellationToken);
}
