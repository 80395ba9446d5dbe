using System.Text.Json;

namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>
/// Notes each use of something that works once, over all replicas, without a lock that the store's interface does not offer.
/// Each user writes his own mark and only then reads all marks. Whoever reads his mark alone is the first: any other writes
/// later, and will read two. Two at the same moment both read two, and neither is let in. Checking first and marking after,
/// as is common, lets both in.
/// </summary>
internal sealed class SingleUseLedger(IPersistedGrantStore store, TimeProvider clock)
{
    private const string MarkType = "use";

    /// <summary>Notes a use; true if it is the only one.</summary>
    public async Task<bool> TryUseAsync(Use use)
    {
        await store.StoreAsync(new PersistedGrant
        {
            Key = Handles.Hash(MarkType, Handles.Create()),
            Type = MarkType,

            // Of a mark, the subject is what was used: stores find grants by subject fast.
            SubjectId = use.Key,
            ClientId = use.ClientId,
            CreationTime = clock.GetUtcNow().UtcDateTime,
            Expiration = use.Expiration,
            Data = JsonSerializer.Serialize(use),
        });
        return await IsOnlyUseAsync(use.Key);
    }

    /// <summary>Whether nobody else has used it meanwhile.</summary>
    public async Task<bool> IsOnlyUseAsync(string key) => (await MarksAsync(key)).Take(2).Count() == 1;

    /// <summary>An earlier use, if there was one.</summary>
    public async Task<Use?> FindUseAsync(string key) =>
        (await MarksAsync(key)).FirstOrDefault() is { } mark ? JsonSerializer.Deserialize<Use>(mark.Data) : null;

    private Task<IEnumerable<PersistedGrant>> MarksAsync(string key) =>
        store.GetAllAsync(new PersistedGrantFilter { SubjectId = key, Type = MarkType });
}

/// <summary>What is used, by its hash, and whose it is.</summary>
internal sealed record Use(string Key, string SubjectId, string ClientId, string? SessionId, DateTime Expiration);
