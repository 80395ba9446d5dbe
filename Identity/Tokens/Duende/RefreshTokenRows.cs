using Duende.IdentityServer;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Stores.Serialization;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Refresh tokens, and the one step that takes one out of use.</summary>
internal sealed class RefreshTokenRows(
    IdentityDbContext database, TimeProvider clock, IPersistedGrantStore store, IPersistentGrantSerializer serializer,
    IHandleGenerationService handles, ILogger<DefaultRefreshTokenStore> logger)
    : DefaultRefreshTokenStore(store, serializer, handles, logger)
{
    /// <summary>Whether the token was still in use. It is no more: of copies that race, one gets true.</summary>
    public async Task<bool> TryConsumeAsync(string handle)
    {
        var key = GetHashedKey(handle);
        DateTimeOffset? now = clock.GetUtcNow();
        return await database.Grants
            .Where(row => row.Key == key && row.Type == IdentityServerConstants.PersistedGrantTypes.RefreshToken && row.ConsumedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ConsumedAt, now)) == 1;
    }

    // Whether it is in use stands in the row, not in what is sealed within.
    protected override async Task<RefreshToken> GetItemByHashedKeyAsync(string hashedKey)
    {
        if (await Store.GetAsync(hashedKey) is not { Type: IdentityServerConstants.PersistedGrantTypes.RefreshToken } grant)
            return null!;
        var token = Serializer.Deserialize<RefreshToken>(grant.Data);
        token.ConsumedTime = grant.ConsumedTime;
        return token;
    }
}
