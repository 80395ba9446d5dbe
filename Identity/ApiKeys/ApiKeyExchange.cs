namespace SecureShop.Identity.ApiKeys;

/// <summary>What a key is good for at this moment: its owner has no roles that a password alone does not give.</summary>
internal sealed record ApiKeyGrant(TokenSubject Owner, Guid KeyId, IReadOnlyList<string> Scopes);

/// <summary>
/// Judges a key that is to be exchanged for a token: the extension grant of either engine asks here. A key was never a second
/// factor, so what it gets is what its owner may have on a password alone, today: a role that was taken away shrinks the key.
/// </summary>
internal sealed class ApiKeyExchange(
    IdentityDbContext database, ApiKeyHasher hasher, TokenSubjects subjects, SecurityLog security, TimeProvider clock)
{
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Null where no token may be made; why, the events say. No scope that is <paramref name="wanted"/> stands for all that the key has.</summary>
    public async Task<ApiKeyGrant?> FindAsync(string apiKey, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        // What cannot be a key costs no look-up.
        if (!ApiKeyFormat.IsPossible(apiKey))
            return Refuse(null, IdentityRefusal.ApiKeyShape);

        // Found by its hash: how long that takes tells nothing about other keys to whoever lacks the hash's secret.
        var hash = await hasher.HashAsync(apiKey, cancellationToken);
        var now = clock.GetStoredNow();
        var key = await database.Set<ApiKeyRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Hash == hash, cancellationToken);
        if (key is null)
            return Refuse(null, IdentityRefusal.ApiKeyUnknown);
        if (key.RevokedAt is not null || key.ExpiresAt <= now)
            return Refuse(key, key.RevokedAt is not null ? IdentityRefusal.ApiKeyRevoked : IdentityRefusal.ApiKeyExpired);
        if (await subjects.FindAsync(key.UserId.ToString(), Acr.SingleFactor) is not { } owner)
            return Refuse(key, IdentityRefusal.ApiKeyOwner);

        var asked = wanted.Count == 0 ? key.Scopes : key.Scopes.Intersect(wanted, StringComparer.Ordinal);
        var scopes = ShopScopes.GrantableBy(owner.Roles, asked);
        if (scopes.Count == 0)
            return Refuse(key, IdentityRefusal.ApiKeyScope);

        if (key.LastUsedAt is not { } last || now - last >= UseIsNotedEvery)
            await NoteUseAsync(key.Id, now, cancellationToken);
        return new(owner, key.Id, scopes);
    }

    private Task<int> NoteUseAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - UseIsNotedEvery;
        return database.Set<ApiKeyRow>().Where(key => key.Id == id && (key.LastUsedAt == null || key.LastUsedAt <= before))
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, now), cancellationToken);
    }

    private ApiKeyGrant? Refuse(ApiKeyRow? key, string reason)
    {
        security.ForCurrentRequest(StatusCodes.Status400BadRequest).ApiKeyRefused(key?.UserId.ToString(), key?.Id, reason);
        return null;
    }
}
