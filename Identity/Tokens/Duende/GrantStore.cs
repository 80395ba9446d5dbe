namespace SecureShop.Identity.Tokens.Duende;

/// <summary>
/// Codes and refresh tokens in Postgres, so that restarts and replicas keep them. What was used stays until it expires, to be known
/// when it comes again.
/// </summary>
internal sealed class GrantStore(IdentityDbContext database, Families families, TimeProvider clock) : IPersistedGrantStore
{
    public Task StoreAsync(PersistedGrant grant)
    {
        if (grant.ConsumedTime is not null)
            return RemoveAsync(grant.Key);

        // The family is there before its code is known to anyone.
        if (grant.Type == IdentityServerConstants.PersistedGrantTypes.AuthorizationCode)
            families.Begin(grant.Description!, grant.SubjectId, grant.SessionId, grant.ClientId);
        var row = database.AddGrant(grant.Key, grant.Type, grant.ClientId, grant.CreationTime, grant.Expiration - grant.CreationTime, grant.Data);
        (row.SubjectId, row.SessionId, row.Description) = (grant.SubjectId, grant.SessionId, grant.Description);
        return database.SaveChangesAsync();
    }

    public async Task<PersistedGrant?> GetAsync(string key)
    {
        if (await database.Grants.AsNoTracking().SingleOrDefaultAsync(row => row.Key == key) is not { } row)
            return null;
        if (row.ConsumedAt is not null)
        {
            // It came a second time (RFC 6749, 4.1.2 and 10.4): what the first one got ends.
            await families.EndReusedAsync(row.Description);
            return null;
        }

        return new()
        {
            Key = row.Key,
            Type = row.Type,
            SubjectId = row.SubjectId!,
            SessionId = row.SessionId,
            ClientId = row.ClientId,
            Description = row.Description,
            CreationTime = row.CreatedAt.UtcDateTime,
            Expiration = row.ExpiresAt?.UtcDateTime,
            Data = row.Data,
        };
    }

    public async Task RemoveAsync(string key)
    {
        // One statement: of copies that race, one finds it unused.
        DateTimeOffset? now = clock.GetUtcNow();
        var row = database.Grants.Where(row => row.Key == key);
        if (await row.Where(row => row.ConsumedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsumedAt, now)) == 0)
            await families.EndReusedAsync(await row.Select(row => row.Description).SingleOrDefaultAsync());
    }

    // What a person or a session has granted is ended by families (TokenGrants), and listed by nobody.
    public Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter) => throw new NotSupportedException(nameof(GetAllAsync));

    public Task RemoveAllAsync(PersistedGrantFilter filter) => throw new NotSupportedException(nameof(RemoveAllAsync));
}

/// <summary>Pushed requests (RFC 9126). What they hold is sealed before it gets here.</summary>
internal sealed class PushedRequests(IdentityDbContext database, TimeProvider clock) : IPushedAuthorizationRequestStore
{
    private const string Type = "pushed_request";

    public Task StoreAsync(PushedAuthorizationRequest pushedAuthorizationRequest)
    {
        var (key, sealedText) = (pushedAuthorizationRequest.ReferenceValueHash, pushedAuthorizationRequest.Parameters);
        database.AddGrant(key, Type, client: "", clock.GetUtcNow().UtcDateTime, TokenLifetimes.PushedRequest, sealedText);
        return database.SaveChangesAsync();
    }

    public Task ConsumeByHashAsync(string referenceValueHash) => Of(referenceValueHash).ExecuteDeleteAsync();

    public async Task<PushedAuthorizationRequest?> GetByHashAsync(string referenceValueHash)
    {
        // IdentityServer would ask another clock whether it has expired.
        var now = clock.GetUtcNow();
        return await Of(referenceValueHash).AsNoTracking().SingleOrDefaultAsync(row => row.ExpiresAt > now) is { } row
            ? new() { ReferenceValueHash = row.Key, ExpiresAtUtc = DateTime.MaxValue, Parameters = row.Data } : null;
    }

    private IQueryable<GrantRow> Of(string hash) => database.Grants.Where(row => row.Key == hash && row.Type == Type);
}

/// <summary>Removes codes, tokens, families and requests that have expired.</summary>
internal sealed class ExpiredGrants : ITidying
{
    public Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
        => services.GetRequiredService<IdentityDbContext>().Grants.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
}

internal static class GrantRows
{
    /// <summary>A new row, which is saved with what else is new.</summary>
    public static GrantRow AddGrant(this IdentityDbContext database, string key, string type, string client, DateTime created, TimeSpan? lifetime, string data)
    {
        var begin = new DateTimeOffset(DateTime.SpecifyKind(created, DateTimeKind.Utc));
        return database.Grants.Add(new() { Key = key, Type = type, ClientId = client, CreatedAt = begin, ExpiresAt = begin + lifetime, Data = data }).Entity;
    }
}
