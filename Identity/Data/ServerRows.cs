namespace SecureShop.Identity.Data;

/// <summary>A code, refresh token or consent, as the token server hands it over. The key is a hash of the handle.</summary>
internal sealed class GrantRow
{
    public required string Key { get; set; }

    public required string Type { get; set; }

    public string? SubjectId { get; set; }

    public string? SessionId { get; set; }

    public required string ClientId { get; set; }

    public string? Description { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? ConsumedAt { get; set; }

    public required string Data { get; set; }
}

/// <summary>A token-signing key. <see cref="Data"/> is sealed by the key ring before it gets here.</summary>
internal sealed class SigningKeyRow
{
    public required string Id { get; set; }

    public int Version { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public required string Algorithm { get; set; }

    public bool IsX509Certificate { get; set; }

    public bool DataProtected { get; set; }

    public required string Data { get; set; }
}
