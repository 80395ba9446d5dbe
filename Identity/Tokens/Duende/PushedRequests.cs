using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Pushed requests (RFC 9126). What they hold is sealed before it gets here.</summary>
internal sealed class PushedRequests(IdentityDbContext database, TimeProvider clock) : IPushedAuthorizationRequestStore
{
    private const string Type = "pushed_request";

    public Task StoreAsync(PushedAuthorizationRequest pushedAuthorizationRequest)
    {
        database.Grants.Add(new GrantRow
        {
            Key = pushedAuthorizationRequest.ReferenceValueHash,
            Type = Type,
            ClientId = "",
            CreatedAt = clock.GetUtcNow(),
            ExpiresAt = clock.GetUtcNow() + TokenLifetimes.PushedRequest,
            Data = pushedAuthorizationRequest.Parameters,
        });
        return database.SaveChangesAsync();
    }

    public Task ConsumeByHashAsync(string referenceValueHash)
        => database.Grants.Where(row => row.Key == referenceValueHash && row.Type == Type).ExecuteDeleteAsync();

    public async Task<PushedAuthorizationRequest?> GetByHashAsync(string referenceValueHash)
    {
        // IdentityServer would ask another clock whether it has expired.
        var now = clock.GetUtcNow();
        return await database.Grants.AsNoTracking().SingleOrDefaultAsync(row => row.Key == referenceValueHash && row.Type == Type && row.ExpiresAt > now) is { } row
            ? new() { ReferenceValueHash = row.Key, ExpiresAtUtc = DateTime.MaxValue, Parameters = row.Data }
            : null;
    }
}
