using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Stores;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>A user's refresh tokens, per client.</summary>
internal sealed class PersistedGrantService(IPersistedGrantStore store, GrantVault vault) : IPersistedGrantService
{
    private static readonly string[] Types =
        [IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, IdentityServerConstants.PersistedGrantTypes.RefreshToken];

    public async Task<IEnumerable<Grant>> GetAllGrantsAsync(string subjectId)
    {
        var stored = await store.GetAllAsync(new PersistedGrantFilter
        {
            SubjectId = subjectId,
            Type = IdentityServerConstants.PersistedGrantTypes.RefreshToken,
        });
        return stored.GroupBy(grant => grant.ClientId, StringComparer.Ordinal).Select(client => new Grant
        {
            SubjectId = subjectId,
            ClientId = client.Key,
            Scopes = client.SelectMany(grant => vault.Open(grant)?.Scopes ?? []).Distinct(StringComparer.Ordinal).ToList(),
            CreationTime = client.Min(grant => grant.CreationTime),
            Expiration = client.Max(grant => grant.Expiration),
        }).ToList();
    }

    public Task RemoveAllGrantsAsync(string subjectId, string? clientId = null, string? sessionId = null) =>
        store.RemoveAllAsync(new PersistedGrantFilter { SubjectId = subjectId, ClientId = clientId, SessionId = sessionId, Types = Types });
}
