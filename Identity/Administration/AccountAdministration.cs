namespace SecureShop.Identity.Administration;

/// <summary>How a change of somebody's account ended.</summary>
internal enum AccountChange
{
    Done,

    /// <summary>It was so already, or there is no such account.</summary>
    Nothing,

    Refused,
}

/// <summary>
/// What administrators do to the accounts of others. Each change is one transaction with the letter to its person and the end of what
/// their old rights granted, and leaves an event with both names.
/// </summary>
internal sealed class AccountAdministration(
    IdentityDbContext database, ShopSessions sessions, ITokenGrants grants, RevocationFeed feed, Letters letters, SecurityLog security)
{
    public Task<AccountChange> GrantAsync(Guid actor, Guid subject, string role, CancellationToken cancellationToken) => ChangeAsync(
        actor, subject,
        async user =>
        {
            if (await RoleIdAsync(role, cancellationToken) is not { } id || await Held(subject, id).AnyAsync(cancellationToken))
                return false;
            database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = subject, RoleId = id });
            letters.RoleGranted(user.Email!, role);
            return true;
        },
        log => log.RoleGranted(subject.ToString(), actor.ToString(), role),
        cancellationToken);

    public Task<AccountChange> TakeAsync(Guid actor, Guid subject, string role, CancellationToken cancellationToken) => ChangeAsync(
        actor, subject,
        async user =>
        {
            if (await RoleIdAsync(role, cancellationToken) is not { } id || await Held(subject, id).ExecuteDeleteAsync(cancellationToken) == 0)
                return false;

            // The token in somebody's hand still says the role.
            await grants.EndSubjectAsync(subject.ToString(), cancellationToken);
            feed.Revoke(RevocationKind.Subject, subject.ToString());
            letters.RoleTaken(user.Email!, role);
            return true;
        },
        log => log.RoleTaken(subject.ToString(), actor.ToString(), role),
        cancellationToken);

    public Task<AccountChange> DisableAsync(Guid actor, Guid subject, CancellationToken cancellationToken) => ChangeAsync(
        actor, subject,
        async user =>
        {
            if (user.IsDisabled)
                return false;
            await SetLockoutAsync(subject, DateTimeOffset.MaxValue, cancellationToken);
            await sessions.EndOthersAsync(subject, keepSessionId: null, cancellationToken);
            letters.AccountDisabled(user.Email!);
            return true;
        },
        log => log.AccountDisabled(subject.ToString(), actor.ToString()),
        cancellationToken);

    public Task<AccountChange> EnableAsync(Guid actor, Guid subject, CancellationToken cancellationToken) => ChangeAsync(
        actor, subject,
        async user =>
        {
            if (!user.IsDisabled)
                return false;
            await SetLockoutAsync(subject, until: null, cancellationToken);
            letters.AccountEnabled(user.Email!);
            return true;
        },
        log => log.AccountEnabled(subject.ToString(), actor.ToString()),
        cancellationToken);

    public Task<AccountChange> EndSessionsAsync(Guid actor, Guid subject, CancellationToken cancellationToken) => ChangeAsync(
        actor, subject,
        async user =>
        {
            await sessions.EndOthersAsync(subject, keepSessionId: null, cancellationToken);
            letters.SessionsEnded(user.Email!);
            return true;
        },
        log => log.SessionsEndedByAdmin(subject.ToString(), actor.ToString()),
        cancellationToken);

    private async Task<AccountChange> ChangeAsync(
        Guid actor, Guid subject, Func<ShopUser, Task<bool>> change, Action<ILogger> tell, CancellationToken cancellationToken)
    {
        var refusal = actor == subject ? IdentityRefusal.OwnRights : null;
        var done = refusal is null && await database.InTransactionAsync(
            async () =>
            {
                // Looked at once more under the lock: whoever has lost the role in this moment changes nothing with it.
                await database.LockRightsAsync(cancellationToken);
                refusal = await database.Admins().AnyAsync(admin => admin.Id == actor, cancellationToken) ? null : RefusalReason.MissingRole;
                if (refusal is not null || await FindAsync(subject, cancellationToken) is not { } user || !await change(user))
                    return false;
                await database.SaveChangesAsync(cancellationToken);

                // The actor at least; that there is one is not left to reasoning.
                refusal = await database.Admins().AnyAsync(cancellationToken) ? null : IdentityRefusal.LastAdmin;
                return refusal is null;
            },
            cancellationToken);

        if (refusal is not null)
            security.ForCurrentRequest(StatusCodes.Status200OK).RightsChangeRefused(subject.ToString(), actor.ToString(), refusal);
        else if (done)
            tell(security.ForCurrentRequest(StatusCodes.Status302Found));
        return refusal is not null ? AccountChange.Refused : done ? AccountChange.Done : AccountChange.Nothing;
    }

    // Without an address it is what is left of an erased one.
    private Task<ShopUser?> FindAsync(Guid subject, CancellationToken cancellationToken)
        => database.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == subject && user.NormalizedEmail != null, cancellationToken);

    private Task<Guid?> RoleIdAsync(string role, CancellationToken cancellationToken)
        => database.Roles.Where(one => one.Name == role).Select(one => (Guid?)one.Id).SingleOrDefaultAsync(cancellationToken);

    private IQueryable<IdentityUserRole<Guid>> Held(Guid subject, Guid role)
        => database.UserRoles.Where(held => held.UserId == subject && held.RoleId == role);

    private Task<int> SetLockoutAsync(Guid subject, DateTimeOffset? until, CancellationToken cancellationToken)
        => database.Users.Where(user => user.Id == subject).ExecuteUpdateAsync(set => set.SetProperty(user => user.LockoutEnd, until), cancellationToken);
}
