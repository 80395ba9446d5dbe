namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// What stems from one authorization: a code, its refresh tokens and their access tokens. A row each, which all of them need to be
/// alive, so that one statement ends them together. IdentityServer carries the id of the family as the grant's description.
/// </summary>
internal sealed class Families(IdentityDbContext database, RevocationFeed feed, TimeProvider clock)
{
    /// <summary>The claim by which an access token names its family.</summary>
    public const string Claim = "grant_id";

    private const string Type = "family";

    /// <summary>Whether this request has brought what had been used before.</summary>
    public bool IsReused { get; private set; }

    /// <summary>It begins with its time, by which it is told from those that ended before (<see cref="RevocationKind.Subject"/>).</summary>
    public static string NewId() => Guid.CreateVersion7().ToString("N");

    /// <summary>The family that the tokens of a request will belong to.</summary>
    public static string? Of(ValidatedTokenRequest request)
        => request.AuthorizationCode?.Description ?? request.RefreshToken?.Description ?? request.DeviceCode?.Description;

    /// <summary>Begins one, which is saved with what else is new.</summary>
    public void Begin(string id, string? subject, string? session, string client)
    {
        var row = database.AddGrant(id, Type, client, clock.GetUtcNow().UtcDateTime, TokenLifetimes.RefreshLongest, data: "");
        (row.SubjectId, row.SessionId) = (subject, session);
    }

    /// <param name="id">The family.</param>
    /// <param name="withSession">Whether the session that it was granted in has to live as well.</param>
    public Task<bool> LivesAsync(string id, bool withSession = false)
    {
        var now = clock.GetStoredNow();
        var sessions = database.LiveSessions(now);
        return database.Grants.AnyAsync(row => row.Key == id && row.Type == Type && row.ConsumedAt == null && row.ExpiresAt > now
            && (!withSession || sessions.Any(session => session.Id == row.SessionId)));
    }

    public async Task EndAsync(string? id)
    {
        DateTimeOffset? now = clock.GetUtcNow();
        feed.Revoke(RevocationKind.Family, id);
        await database.Grants.Where(row => row.Key == id && row.Type == Type && row.ConsumedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsumedAt, now));
    }

    /// <summary>Token theft: a code or refresh token came a second time, and nobody can tell which of the two holders stole it.</summary>
    public Task EndReusedAsync(string? id)
    {
        IsReused = true;
        return EndAsync(id);
    }
}

/// <summary>Ends what was granted: the families of a session or of a person, and with them every token.</summary>
internal sealed class TokenGrants(IdentityDbContext database, BackChannelLogout backChannel) : ITokenGrants
{
    public async Task EndSessionAsync(string subject, string sessionId, CancellationToken cancellationToken)
    {
        // One statement, so that nothing is granted between finding out whom to tell and ending it.
        var ended = await database.Grants
            .FromSql($"delete from identity.grants where subject_id = {subject} and session_id = {sessionId} returning *")
            .AsNoTracking().ToListAsync(cancellationToken);
        backChannel.Tell(subject, sessionId, ended.Select(row => row.ClientId).Distinct(StringComparer.Ordinal));
    }

    public Task EndSubjectAsync(string subject, CancellationToken cancellationToken)
        => database.Grants.Where(row => row.SubjectId == subject).ExecuteDeleteAsync(cancellationToken);
}
