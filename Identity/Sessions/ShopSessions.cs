namespace SecureShop.Identity.Sessions;

/// <summary>A session as its owner sees it.</summary>
internal sealed record SessionSummary(
    string Id, string Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, IReadOnlyList<string> Methods);

/// <summary>Begins, strengthens, lists and ends sessions. What ends takes along what it has granted to clients.</summary>
internal sealed class ShopSessions(IdentityDbContext database, ITokenGrants grants, RevocationFeed feed, SessionStore store, KnownDevices devices, TimeProvider clock, SecurityLog security)
{
    /// <summary>Under which name a ticket's properties hold the <c>sid</c>, where token servers look for it.</summary>
    public const string IdProperty = "session_id";

    /// <summary>And under which the network address that it was last shown from; in the table it would be in clear.</summary>
    private const string AddressProperty = "address";

    /// <summary>How many of somebody's sessions are listed.</summary>
    public const int MaxListed = 100;

    /// <summary>
    /// Signs somebody in who has shown <paramref name="methods"/> just now, under a new key: whoever planted or copied the old cookie
    /// has nothing (session fixation). The session is a new one too, unless the same person signs in once more: then what it has
    /// granted to clients lives on. One of another person at this browser ends.
    /// </summary>
    public async Task SignInAsync(HttpContext http, ShopUser user, IReadOnlyList<string> methods, CancellationToken cancellationToken)
    {
        var before = ShopSession.Of(http.User);
        if (before is not null && before.Subject == user.Id.ToString())
        {
            await WriteAsync(http, user, before.Id, methods, continues: true);
            return;
        }

        if (before is not null)
            await EndAsync(Guid.Parse(before.Subject), before.Id, cancellationToken);
        await WriteAsync(http, user, RandomNumberGenerator.GetHexString(32, lowercase: true), methods, continues: false);
    }

    /// <summary>Adds to the session what its person has shown just now; it stays the same session, under a new key.</summary>
    public Task ElevateAsync(HttpContext http, ShopUser user, string method) => ShopSession.Of(http.User) is { } session && session.Subject == user.Id.ToString()
        ? WriteAsync(http, user, session.Id, [.. session.Methods, method], continues: true)
        : throw new InvalidOperationException("Only the person who is signed in can show more.");

    /// <summary>Ends the session of the request, and takes its cookie away.</summary>
    public async Task SignOutAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (ShopSession.Of(http.User) is { } session)
            await EndAsync(Guid.Parse(session.Subject), session.Id, cancellationToken);
        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
        http.User = new ClaimsPrincipal(new ClaimsIdentity());
    }

    /// <summary>Ends one session of <paramref name="userId"/>; false where they have no such session.</summary>
    public Task<bool> EndAsync(Guid userId, string sessionId, CancellationToken cancellationToken) => database.AtOnceAsync(
        async () =>
        {
            // At once: a session that is gone while its tokens live on could not be ended again. Rolled back, the token of a session that lives is refused: its client asks for the next.
            if (await database.Set<SessionRow>().Where(s => s.Id == sessionId && s.UserId == userId).ExecuteDeleteAsync(cancellationToken) == 0)
                return false;
            await grants.EndSessionAsync(userId.ToString(), sessionId, cancellationToken);
            feed.Revoke(RevocationKind.Session, sessionId);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Ends all sessions of <paramref name="userId"/> but <paramref name="keepSessionId"/>, and all that was ever granted in their name.
    /// The one that is kept survives a change of the account's stamp. To be called after each such change: password, e-mail, factors.
    /// </summary>
    public async Task EndOthersAsync(Guid userId, string? keepSessionId, CancellationToken cancellationToken)
    {
        var count = await database.AtOnceAsync(
            async () =>
            {
                var others = database.Set<SessionRow>().Where(s => s.UserId == userId && s.Id != keepSessionId);
                var ids = await others.Select(s => s.Id).ToListAsync(cancellationToken);
                await others.ExecuteDeleteAsync(cancellationToken);
                await database.Set<SessionRow>().Where(s => s.UserId == userId && s.Id == keepSessionId).ExecuteUpdateAsync(
                    set => set.SetProperty(s => s.Stamp, s => database.Users.Where(u => u.Id == s.UserId).Select(u => u.SecurityStamp!).First()),
                    cancellationToken);
                foreach (var id in ids)
                    await grants.EndSessionAsync(userId.ToString(), id, cancellationToken);

                // Refresh tokens outlive the sessions that they stem from: those of a thief would go on.
                await grants.EndSubjectAsync(userId.ToString(), cancellationToken);
                feed.Revoke(RevocationKind.Subject, userId.ToString());
                return ids.Count;
            },
            cancellationToken);
        security.ForCurrentRequest().SessionsEnded(userId.ToString(), count);
    }

    /// <summary>Whether the session is not over.</summary>
    public Task<bool> LivesAsync(string? sessionId, CancellationToken cancellationToken)
        => database.LiveSessions(clock.GetStoredNow()).AnyAsync(s => s.Id == sessionId, cancellationToken);

    /// <summary>The sessions of <paramref name="userId"/>, those last seen first.</summary>
    public async Task<IReadOnlyList<SessionSummary>> ListAsync(Guid userId, CancellationToken cancellationToken)
        => (await database.LiveSessions(clock.GetStoredNow()).AsNoTracking().Where(s => s.UserId == userId)
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).Take(MaxListed).ToListAsync(cancellationToken))
            .ConvertAll(s => new SessionSummary(
                s.Id, s.Device, store.Open(s.Id, s.KeyHash, s.Ticket)?.Properties.GetString(AddressProperty), s.CreatedAt, s.LastSeenAt, s.Methods));

    private async Task WriteAsync(HttpContext http, ShopUser user, string id, IReadOnlyList<string> methods, bool continues)
    {
        var now = clock.GetStoredNow();
        var session = new ShopSession(user.Id.ToString(), id, now, WithMultiple(methods));
        var row = new SessionRow
        {
            Id = id,
            KeyHash = [],
            UserId = user.Id,
            Stamp = user.SecurityStamp ?? "",
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + SessionRow.Longest,
            Device = DeviceWords.Of(http.Request.Headers.UserAgent.ToString()),
            Methods = [.. session.Methods],
        };
        var from = http.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } four ? four.MapToIPv4() : http.Connection.RemoteIpAddress;
        new SessionDraft(row, continues).Announce(http);
        var principal = new ClaimsPrincipal(new ClaimsIdentity(
            [.. session.ToClaims(), new Claim(ShopClaims.Name, user.DisplayName)], IdentityConstants.ApplicationScheme, ShopClaims.Name, ShopClaims.Role));

        // In a scope of its own, so with a cookie handler of its own: that of the request has read the old cookie and would keep its key.
        await using (var scope = http.RequestServices.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IAuthenticationService>().SignInAsync(
                http, IdentityConstants.ApplicationScheme, principal, new AuthenticationProperties { Items = { [IdProperty] = id, [AddressProperty] = from?.ToString() } });
        }

        http.User = principal;
        devices.Remember(http, user);
    }

    // A passkey is something that its person has, opened by something that they are or know.
    private static List<string> WithMultiple(IReadOnlyList<string> methods)
    {
        var shown = methods.Where(method => method != Amr.Multiple).Distinct(StringComparer.Ordinal).ToList();
        return shown.Count > 1 || shown.Contains(Amr.Key, StringComparer.Ordinal) ? [.. shown, Amr.Multiple] : shown;
    }
}
