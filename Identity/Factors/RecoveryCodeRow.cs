using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Factors;

/// <summary>A recovery code that is left: the row goes with the use.</summary>
internal sealed class RecoveryCodeRow
{
    public Guid UserId { get; set; }

    public required byte[] Hash { get; set; }
}

internal sealed class RecoveryCodeMapping : IEntityTypeConfiguration<RecoveryCodeRow>
{
    public void Configure(EntityTypeBuilder<RecoveryCodeRow> builder)
    {
        builder.ToTable("recovery_codes");
        builder.HasKey(row => new { row.UserId, row.Hash });
        builder.HasOne<ShopUser>().WithMany().HasForeignKey(row => row.UserId).HasConstraintName("fk_recovery_codes_user_id");
    }
}
