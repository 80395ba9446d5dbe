using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace SecureShop.Identity.Data;

/// <summary>A code, refresh token or consent, as the token server hands it over. The key is a hash of the handle.</summary>
[Index(nameof(SubjectId), nameof(ClientId), nameof(Type))]
[Index(nameof(SubjectId), nameof(SessionId), nameof(Type))]
[Index(nameof(ExpiresAt))]
internal sealed class GrantRow
{
    [Key, MaxLength(200)]
    public required string Key { get; set; }

    [MaxLength(50)]
    public required string Type { get; set; }

    [MaxLength(200)]
    public string? SubjectId { get; set; }

    [MaxLength(100)]
    public string? SessionId { get; set; }

    [MaxLength(200)]
    public required string ClientId { get; set; }

    [MaxLength(200)]
    public string? Description { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? ConsumedAt { get; set; }

    public required string Data { get; set; }
}

/// <summary>A token-signing key. <see cref="Data"/> is sealed by the key ring before it gets here.</summary>
internal sealed class SigningKeyRow
{
    [MaxLength(100)]
    public required string Id { get; set; }

    public int Version { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    [MaxLength(20)]
    public required string Algorithm { get; set; }

    [Column("is_x509_certificate")]
    public bool IsX509Certificate { get; set; }

    public bool DataProtected { get; set; }

    public required string Data { get; set; }
}
