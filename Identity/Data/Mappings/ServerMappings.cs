using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Data.Mappings;

internal sealed class GrantMapping : IEntityTypeConfiguration<GrantRow>
{
    public void Configure(EntityTypeBuilder<GrantRow> builder)
    {
        builder.HasKey(g => g.Key);
        builder.Property(g => g.Key).HasMaxLength(200);
        builder.Property(g => g.Type).HasMaxLength(50);
        builder.Property(g => g.SubjectId).HasMaxLength(200);
        builder.Property(g => g.SessionId).HasMaxLength(100);
        builder.Property(g => g.ClientId).HasMaxLength(200);
        builder.Property(g => g.Description).HasMaxLength(200);
        builder.HasIndex(g => new { g.SubjectId, g.ClientId, g.Type });
        builder.HasIndex(g => new { g.SubjectId, g.SessionId, g.Type });
        builder.HasIndex(g => g.ExpiresAt);
    }
}

internal sealed class SigningKeyMapping : IEntityTypeConfiguration<SigningKeyRow>
{
    public void Configure(EntityTypeBuilder<SigningKeyRow> builder)
    {
        builder.Property(k => k.Id).HasMaxLength(100);
        builder.Property(k => k.Algorithm).HasMaxLength(20);
        builder.Property(k => k.IsX509Certificate).HasColumnName("is_x509_certificate");
    }
}
