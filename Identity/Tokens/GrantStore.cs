using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Tokens;

/// <summary>Codes, refresh tokens and the like in Postgres, so that restarts and replicas keep them.</summary>
internal sealed class GrantStore(IdentityDbContext database, IHttpContextAccessor http) : IPersistedGrantStore
{
    public async Task StoreAsync(PersistedGrant grant)
    {
        var row = await database.Grants.SingleOrDefaultAsync(g => g.Key == grant.Key);
        if (row is null)
            database.Grants.Add(row = new GrantRow { Key = grant.Key, Type = grant.Type, ClientId = grant.ClientId, Data = grant.Data });
        row.Type = grant.Type;
        row.SubjectId = grant.SubjectId;
        row.SessionId = grant.SessionId;
        row.ClientId = grant.ClientId;
        row.Description = grant.Description;
        row.CreatedAt = Utc(grant.CreationTime);
        row.ExpiresAt = grant.Expiration is { } expires ? Utc(expires) : null;
        row.ConsumedAt = grant.ConsumedTime is { } consumed ? Utc(consumed) : null;
        row.Data = grant.Data;
        await database.SaveChangesAsync();
    }

    public async Task<PersistedGrant?> GetAsync(string key)
    {
        // A code is redeemed by the statement that removes it: of two copies that race, one gets it and the other gets nothing.
        var codes = await database.Grants
            .FromSql($"delete from identity.grants where key = {key} and type = {IdentityServerConstants.PersistedGrantTypes.AuthorizationCode} returning *")
            .AsNoTracking().ToListAsync();
        var row = codes.SingleOrDefault() ?? await database.Grants.AsNoTracking().SingleOrDefaultAsync(g => g.Key == key);
        return row is null ? null : ToGrant(row);
    }

    public async Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter)
        => (await Matching(filter).AsNoTracking().ToListAsync()).ConvertAll(ToGrant);

    public Task RemoveAsync(string key) => database.Grants.Where(g => g.Key == key).ExecuteDeleteAsync();

    public Task RemoveAllAsync(PersistedGrantFilter filter)
    {
        TokenEvents.SessionEnds(http.HttpContext);
        return Matching(filter).ExecuteDeleteAsync();
    }

    private IQueryable<GrantRow> Matching(PersistedGrantFilter filter)
    {
        List<string> clients = [.. filter.ClientIds ?? [], .. One(filter.ClientId)];
        List<string> types = [.. filter.Types ?? [], .. One(filter.Type)];

        // An empty filter would match the grants of everyone.
        if (clients.Count == 0 && types.Count == 0 && string.IsNullOrEmpty(filter.SubjectId) && string.IsNullOrEmpty(filter.SessionId))
            throw new ArgumentException("The filter is empty.", nameof(filter));

        var query = database.Grants.AsQueryable();
        if (!string.IsNullOrEmpty(filter.SubjectId))
            query = query.Where(g => g.SubjectId == filter.SubjectId);
        if (!string.IsNullOrEmpty(filter.SessionId))
            query = query.Where(g => g.SessionId == filter.SessionId);
        if (clients.Count > 0)
            query = query.Where(g => clients.Contains(g.ClientId));
        if (types.Count > 0)
            query = query.Where(g => types.Contains(g.Type));
        return query;
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

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
