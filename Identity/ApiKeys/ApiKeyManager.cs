namespace SecureShop.Identity.ApiKeys;

/// <summary>A key that was just made: the one time that it can be read.</summary>
internal sealed record NewApiKey(string Key, ApiKeyRow Row);

/// <summary>The keys of one person: made, replaced and revoked by nobody else.</summary>
internal sealed class ApiKeyManager(
    IdentityDbContext database, ApiKeyHasher hasher, TokenSubjects subjects, Letters letters, RevocationFeed feed, SecurityLog security, TimeProvider clock)
{
    public const int MaxKeys = 20;
    public const int MaxDays = 365;
    public const int MaxOverlapHours = 24;

    /// <summary>Keys that are no good any more are kept, so that it is known whose key is still tried; this many of each owner.</summary>
    private const int MaxEnded = 2 * MaxKeys;

    private DbSet<ApiKeyRow> Keys => database.Set<ApiKeyRow>();

    /// <summary>What somebody may give to a key today.</summary>
    public async Task<IReadOnlyList<string>> GrantableAsync(Guid userId)
        => await subjects.FindAsync(userId.ToString(), Acr.SingleFactor) is { } owner ? ShopScopes.GrantableBy(owner.Roles, ShopScopes.OfApiKeys) : [];

    /// <summary>The keys that are good, the newest first.</summary>
    public Task<List<ApiKeyRow>> ListAsync(Guid userId, CancellationToken cancellationToken)
        => Live(userId, clock.GetStoredNow()).AsNoTracking().OrderByDescending(key => key.Id).ToListAsync(cancellationToken);

    /// <returns>Null where a scope is not the owner's to give, or there are as many keys as there may be.</returns>
    public async Task<NewApiKey?> CreateAsync(Guid userId, string name, IReadOnlyCollection<string> scopes, int days, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MaxDays);
        if (scopes.Count == 0 || scopes.Except(await GrantableAsync(userId), StringComparer.Ordinal).Any())
            return null;

        var made = await MakeAsync(userId, name, [.. scopes], TimeSpan.FromDays(days), cancellationToken);
        if (!await database.InTransactionAsync(() => AddAsync(made.Row, cancellationToken), cancellationToken))
            return null;
        security.ForCurrentRequest(StatusCodes.Status200OK).ApiKeyMade(userId.ToString(), made.Row.Id);
        return made;
    }

    /// <summary>Makes the key that takes another's place: same name, scopes and lifetime. The old one stays good for <paramref name="overlap"/>.</summary>
    /// <returns>Null where that key is not there any more or was replaced before, or there are as many as there may be.</returns>
    public async Task<NewApiKey?> RotateAsync(Guid userId, Guid id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, TimeSpan.FromHours(MaxOverlapHours));
        var now = clock.GetStoredNow();
        var until = now + overlap;
        if (await Live(userId, now).AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, cancellationToken) is not { } old)
            return null;

        var made = await MakeAsync(userId, old.Name, old.Scopes, old.ExpiresAt - old.CreatedAt, cancellationToken);
        var done = await database.InTransactionAsync(
            async () => await ClaimAsync() && await AddAsync(made.Row, cancellationToken), cancellationToken);
        if (!done)
            return null;
        feed.Revoke(RevocationKind.ApiKey, id.ToString());
        security.ForCurrentRequest(StatusCodes.Status200OK).ApiKeyRotated(userId.ToString(), id, made.Row.Id);
        return made;

        // Of two rotations that race one gets it, and none once it is revoked.
        async Task<bool> ClaimAsync() => await Live(userId, now).Where(key => key.Id == id && key.RotatedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(key => key.RotatedAt, now).SetProperty(key => key.ExpiresAt, key => key.ExpiresAt < until ? key.ExpiresAt : until),
            cancellationToken) == 1;
    }

    /// <returns>Whether there was such a key to revoke.</returns>
    public async Task<bool> RevokeAsync(Guid userId, Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        if (await Live(userId, now).Where(key => key.Id == id).ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), cancellationToken) == 0)
            return false;
        feed.Revoke(RevocationKind.ApiKey, id.ToString());
        security.ForCurrentRequest(StatusCodes.Status302Found).ApiKeyRevoked(userId.ToString(), id);
        return true;
    }

    private IQueryable<ApiKeyRow> Live(Guid userId, DateTimeOffset now)
        => Keys.Where(key => key.UserId == userId && key.RevokedAt == null && key.ExpiresAt > now);

    private async Task<NewApiKey> MakeAsync(Guid userId, string name, string[] scopes, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var key = ApiKeyFormat.Make();
        var now = clock.GetStoredNow();
        return new(key, new ApiKeyRow
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Name = name,
            Shown = key[..ApiKeyFormat.ShownLength],
            Hash = await hasher.HashAsync(key, cancellationToken),
            Scopes = scopes,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        });
    }

    /// <summary>Adds a key within the bound, one at a time for each owner, so that requests that race do not pass it together.</summary>
    private async Task<bool> AddAsync(ApiKeyRow row, CancellationToken cancellationToken)
    {
        await database.Database.ExecuteSqlAsync($"select from identity.users where id = {row.UserId} for update", cancellationToken);
        if (await Live(row.UserId, row.CreatedAt).CountAsync(cancellationToken) >= MaxKeys)
            return false;
        Keys.Add(row);
        letters.ApiKeyMade((await database.Users.AsNoTracking().SingleAsync(user => user.Id == row.UserId, cancellationToken)).Email!);
        await database.SaveChangesAsync(cancellationToken);
        await Keys.Where(key => key.UserId == row.UserId && (key.RevokedAt != null || key.ExpiresAt <= row.CreatedAt))
            .OrderByDescending(key => key.Id).Skip(MaxEnded).ExecuteDeleteAsync(cancellationToken);
        return true;
    }
}
