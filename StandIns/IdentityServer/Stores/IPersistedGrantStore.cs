namespace SecureShop.StandIns.IdentityServer.Stores;

/// <summary>Keeps codes, refresh tokens and marks of use, for all replicas. What one call stored, a later call anywhere must find.</summary>
public interface IPersistedGrantStore
{
    /// <summary>Adds a grant, or replaces that of the same key.</summary>
    Task StoreAsync(PersistedGrant grant);

    /// <summary>The grant of this key, or null.</summary>
    Task<PersistedGrant?> GetAsync(string key);

    /// <summary>All that fit.</summary>
    Task<IEnumerable<PersistedGrant>> GetAllAsync(PersistedGrantFilter filter);

    /// <summary>Deletes the grant of this key; nothing if it is not there.</summary>
    Task RemoveAsync(string key);

    /// <summary>Deletes all that fit.</summary>
    Task RemoveAllAsync(PersistedGrantFilter filter);
}

/// <summary>Which grants are meant; what is null does not narrow, and at least one is set.</summary>
public class PersistedGrantFilter
{
    /// <summary>Of this user.</summary>
    public string? SubjectId { get; set; }

    /// <summary>Of this session.</summary>
    public string? SessionId { get; set; }

    /// <summary>Of this client.</summary>
    public string? ClientId { get; set; }

    /// <summary>Of these clients.</summary>
    public IEnumerable<string>? ClientIds { get; set; }

    /// <summary>Of this kind.</summary>
    public string? Type { get; set; }

    /// <summary>Of these kinds.</summary>
    public IEnumerable<string>? Types { get; set; }
}
