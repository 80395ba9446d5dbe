using Duende.IdentityServer;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Codes and refresh tokens in Postgres, so that restarts and replicas keep them.</summary>
internal sealed class GrantStore(IdentityDbContext database, Families families, TimeProvider clock) : IPersistedGrantStore
{
    private const string Code = IdentityServerConstants.PersistedGrantTypes.AuthorizationCode;

    public async Task StoreAsync(PersistedGrant grant)
    {
        // The family is there before its code is known to anyone.
        if (grant.Type == Code)
            await families.BeginAsync(grant.Description!, grant.SubjectId, grant.SessionId, grant.ClientId);
        var (created, expires, consumed) = (Utc(grant.CreationTime), Utc(grant.Expiration), Utc(grant.ConsumedTime));
        await database.Database.ExecuteSqlAsync($"""
            insert into identity.grants (key, type, subject_id, session_id, client_id, description, created_at, expires_at, consumed_at, data)
            values ({grant.Key}, {grant.Type}, {grant.SubjectId}, {grant.SessionId}, {grant.ClientId}, {grant.Description}, {created}, {expires}, {consumed}, {grant.Data})
            on conflict (key) do update set expires_at = excluded.expires_at, consumed_at = excluded.consumed_at, data = excluded.data
            """);
    }

    public async Task<PersistedGrant?> GetAsync(string key)
    {
        if (await database.Grants.AsNoTracking().SingleOrDefaultAsync(row => row.Key == key) is not { } row)
            return null;
        if (row is not { Type: Code, ConsumedAt: not null })
            return ToGrant(row);

        // A code came a second time (RFC 6749, 4.1.2): what the first one got ends.
        await families.EndReusedAsync(row.Description);
        return null;
    }

    public async Task RemoveAsync(string key)
    {
        // A redeemed code stays until it expires, to be known when it comes again. One statement: of copies that race, one finds it unused.
        DateTimeOffset? now = clock.GetUtcNow();
        if (await database.Grants.AsNoTracking().SingleOrDefaultAsync(row => row.Key == key) is not { Type: Code } code)
            await database.Grants.Where(row => row.Key == key).ExecuteDeleteAsync();
        else if (await database.Grants.Where(row => row.Key == key && row.ConsumedAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsumedAt, now)) == 0)
            await families.EndReusedAsync(code.Description);
    }

    public async Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter)
        => (await Matching(filter).AsNoTracking().ToListAsync()).ConvertAll(ToGrant);

    public Task RemoveAllAsync(PersistedGrantFilter filter) => Matching(filter).ExecuteDeleteAsync();

    private IQueryable<GrantRow> Matching(PersistedGrantFilter filter)
    {
        // An empty filter would match the grants of everyone.
        if (string.IsNullOrEmpty(filter.SubjectId) && string.IsNullOrEmpty(filter.SessionId))
            throw new ArgumentException("The filter names nobody.", nameof(filter));
        List<string> clients = [.. filter.ClientIds ?? [], .. One(filter.ClientId)];
        List<string> types = [.. filter.Types ?? [], .. One(filter.Type)];
        return database.Grants.Where(row => (string.IsNullOrEmpty(filter.SubjectId) || row.SubjectId == filter.SubjectId)
            && (string.IsNullOrEmpty(filter.SessionId) || row.SessionId == filter.SessionId)
            && (clients.Count == 0 || clients.Contains(row.ClientId)) && (types.Count == 0 || types.Contains(row.Type)));
    }

    private static string[] One(string? value) => string.IsNullOrEmpty(value) ? [] : [value];

    private static PersistedGrant ToGrant(GrantRow row) => new()
    {
        Key = row.Key,
        Type = row.Type,
        SubjectId = row.SubjectId!,
        SessionId = row.SessionId,
        ClientId = row.ClientId,
        Description = row.Description,
        CreationTime = row.CreatedAt.UtcDateTime,
        Expiration = row.ExpiresAt?.UtcDateTime,
        ConsumedTime = row.ConsumedAt?.UtcDateTime,
        Data = row.Data,
    };

    private static DateTimeOffset? Utc(DateTime? time) => time is { } known ? new(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}

/// <summary>Removes codes, tokens, families and requests that have expired.</summary>
internal sealed class ExpiredGrants : ITidying
{
    public Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
        => services.GetRequiredService<IdentityDbContext>().Grants.Where(row => row.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
}
