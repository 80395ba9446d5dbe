using System.Collections.Concurrent;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>Grants in memory. Each call yields first, so that racing requests interleave as they do over a network.</summary>
internal sealed class MemoryGrants : IPersistedGrantStore
{
    public ConcurrentDictionary<string, PersistedGrant> Rows { get; } = new(StringComparer.Ordinal);

    public IEnumerable<PersistedGrant> Of(string type) => Rows.Values.Where(row => row.Type == type);

    public async Task StoreAsync(PersistedGrant grant)
    {
        await Task.Yield();
        Rows[grant.Key] = grant;
    }

    public async Task<PersistedGrant?> GetAsync(string key)
    {
        await Task.Yield();
        return Rows.GetValueOrDefault(key);
    }

    public async Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter)
    {
        await Task.Yield();
        return Rows.Values.Where(row => Fits(row, filter)).ToList();
    }

    public async Task RemoveAsync(string key)
    {
        await Task.Yield();
        Rows.TryRemove(key, out _);
    }

    public async Task RemoveAllAsync(PersistedGrantFilter filter)
    {
        foreach (var row in await GetAllAsync(filter))
            Rows.TryRemove(row.Key, out _);
    }

    private static bool Fits(PersistedGrant row, PersistedGrantFilter filter) =>
        (filter.SubjectId is null || row.SubjectId == filter.SubjectId)
        && (filter.SessionId is null || row.SessionId == filter.SessionId)
        && (filter.ClientId is null || row.ClientId == filter.ClientId)
        && (filter.ClientIds is null || filter.ClientIds.Contains(row.ClientId, StringComparer.Ordinal))
        && (filter.Type is null || row.Type == filter.Type)
        && (filter.Types is null || filter.Types.Contains(row.Type, StringComparer.Ordinal));
}

/// <summary>Signing keys in memory.</summary>
internal sealed class MemoryKeys : ISigningKeyStore
{
    public ConcurrentDictionary<string, SerializedKey> Rows { get; } = new(StringComparer.Ordinal);

    private int _loads;

    public int Loads => _loads;

    public async Task<IEnumerable<SerializedKey>> LoadKeysAsync()
    {
        Interlocked.Increment(ref _loads);
        await Task.Yield();
        return Rows.Values.ToList();
    }

    public async Task StoreKeyAsync(SerializedKey key)
    {
        await Task.Yield();
        Rows[key.Id] = key;
    }

    public async Task DeleteKeyAsync(string id)
    {
        await Task.Yield();
        Rows.TryRemove(id, out _);
    }
}

/// <summary>Events in memory.</summary>
internal sealed class MemoryEvents : IEventSink
{
    public ConcurrentQueue<Event> Raised { get; } = new();

    public IEnumerable<T> Of<T>()
        where T : Event => Raised.OfType<T>();

    public Task PersistAsync(Event evt)
    {
        Raised.Enqueue(evt);
        return Task.CompletedTask;
    }
}
