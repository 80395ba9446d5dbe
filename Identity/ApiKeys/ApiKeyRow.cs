using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.ApiKeys;

/// <summary>A key that somebody's programs call with. The key itself is nowhere but with them.</summary>
internal sealed class ApiKeyRow
{
    public const int NameLength = 60;

    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>How the key begins.</summary>
    public required string Shown { get; init; }

    /// <summary>By <see cref="ApiKeyHasher"/>.</summary>
    public required byte[] Hash { get; init; }

    public required string[] Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>To about a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When another took its place; it may still be good for a while.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKeyRow>
{
    public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
    {
        builder.ToTable("api_keys", table =>
        {
            table.HasCheckConstraint("ck_api_keys_hash", "octet_length(hash) = 32");
            table.HasCheckConstraint("ck_api_keys_expires_at", "expires_at <= created_at + interval '366 days'");
        });
        builder.Property(key => key.Name).HasMaxLength(ApiKeyRow.NameLength);
        builder.Property(key => key.Shown).HasMaxLength(ApiKeyFormat.ShownLength);
        builder.HasIndex(key => key.Hash).IsUnique();
        builder.HasIndex(key => new { key.UserId, key.Id }).HasDatabaseName("ix_api_keys_user");
    }
}

/// <summary>The one row of what keys are hashed with, sealed by the key ring.</summary>
internal sealed class ApiKeySecretRow
{
    public const int OnlyId = 1;

    public required int Id { get; init; }

    public required byte[] Sealed { get; init; }
}

internal sealed class ApiKeySecretMapping : IEntityTypeConfiguration<ApiKeySecretRow>
{
    public void Configure(EntityTypeBuilder<ApiKeySecretRow> builder)
    {
        builder.ToTable("api_key_secrets", table => table.HasCheckConstraint("ck_api_key_secrets_only", $"id = {ApiKeySecretRow.OnlyId}"));
        builder.Property(secret => secret.Id).ValueGeneratedNever();
    }
}
