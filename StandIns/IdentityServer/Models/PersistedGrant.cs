namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>A code, refresh token or mark of use as a store keeps it. The key is a hash: a copy of the store opens nothing.</summary>
public class PersistedGrant
{
    /// <summary>The hash of the handle that the client holds.</summary>
    public string Key { get; set; } = default!;

    /// <summary>What it is.</summary>
    public string Type { get; set; } = default!;

    /// <summary>The user; empty where there is none.</summary>
    public string SubjectId { get; set; } = default!;

    /// <summary>The user's session.</summary>
    public string? SessionId { get; set; }

    /// <summary>The client it belongs to.</summary>
    public string ClientId { get; set; } = default!;

    /// <summary>A note.</summary>
    public string? Description { get; set; }

    /// <summary>When it was made (UTC).</summary>
    public DateTime CreationTime { get; set; }

    /// <summary>When it ends (UTC); a store may delete it afterwards.</summary>
    public DateTime? Expiration { get; set; }

    /// <summary>When it was used up (UTC).</summary>
    public DateTime? ConsumedTime { get; set; }

    /// <summary>The content, sealed.</summary>
    public string Data { get; set; } = default!;
}
