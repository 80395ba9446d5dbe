using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Factors;

/// <summary>A challenge that a passkey has answered, kept for as long as the answer would otherwise be good.</summary>
internal sealed class SpentChallengeRow
{
    public Guid Id { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class SpentChallengeMapping : IEntityTypeConfiguration<SpentChallengeRow>
{
    public void Configure(EntityTypeBuilder<SpentChallengeRow> builder)
    {
        builder.ToTable("spent_challenges");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.HasIndex(row => row.ExpiresAt).HasDatabaseName("ix_spent_challenges_expires_at");
    }
}
