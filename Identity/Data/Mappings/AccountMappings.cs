using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Data.Mappings;

internal sealed class UserMapping : IEntityTypeConfiguration<ShopUser>
{
    public void Configure(EntityTypeBuilder<ShopUser> builder)
    {
        builder.ToTable("users");
        builder.Property(u => u.Id).ValueGeneratedNever();
        builder.Property(u => u.DisplayName).HasMaxLength(80);
        // One account per address: the constraint decides between two registrations that race.
        builder.HasIndex(u => u.NormalizedEmail).IsUnique().HasDatabaseName("ux_users_normalized_email");
        builder.HasIndex(u => u.NormalizedUserName).HasDatabaseName("ux_users_normalized_user_name");
        // What is not asked for cannot leak.
        builder.Ignore(u => u.PhoneNumber);
        builder.Ignore(u => u.PhoneNumberConfirmed);
    }
}

internal sealed class RoleMapping : IEntityTypeConfiguration<ShopRole>
{
    public static readonly Guid CustomerId = Guid.Parse("01990000-0000-7000-8000-000000000001");

    public void Configure(EntityTypeBuilder<ShopRole> builder)
    {
        builder.ToTable("roles");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.HasIndex(r => r.NormalizedName).HasDatabaseName("ux_roles_normalized_name");
        builder.HasData(
            Row(Role.Customer, CustomerId),
            Row(Role.Seller, Guid.Parse("01990000-0000-7000-8000-000000000002")),
            Row(Role.Support, Guid.Parse("01990000-0000-7000-8000-000000000003")),
            Row(Role.Admin, Guid.Parse("01990000-0000-7000-8000-000000000004")));
    }

    private static ShopRole Row(string name, Guid id) => new()
    {
        Id = id,
        Name = name,
        NormalizedName = name.ToUpperInvariant(),
        ConcurrencyStamp = id.ToString(),
    };
}

internal sealed class UserRoleMapping : IEntityTypeConfiguration<IdentityUserRole<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserRole<Guid>> builder)
    {
        builder.ToTable("user_roles");
        builder.HasOne<ShopUser>().WithMany().HasForeignKey(r => r.UserId).HasConstraintName("fk_user_roles_user_id");
        builder.HasOne<ShopRole>().WithMany().HasForeignKey(r => r.RoleId).HasConstraintName("fk_user_roles_role_id");
    }
}

internal sealed class UserClaimMapping : IEntityTypeConfiguration<IdentityUserClaim<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserClaim<Guid>> builder)
    {
        builder.ToTable("user_claims");
        builder.HasOne<ShopUser>().WithMany().HasForeignKey(c => c.UserId).HasConstraintName("fk_user_claims_user_id");
    }
}

internal sealed class UserLoginMapping : IEntityTypeConfiguration<IdentityUserLogin<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserLogin<Guid>> builder)
    {
        builder.ToTable("user_logins");
        builder.HasOne<ShopUser>().WithMany().HasForeignKey(l => l.UserId).HasConstraintName("fk_user_logins_user_id");
    }
}

internal sealed class UserTokenMapping : IEntityTypeConfiguration<IdentityUserToken<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserToken<Guid>> builder)
    {
        builder.ToTable("user_tokens");
        builder.HasOne<ShopUser>().WithMany().HasForeignKey(t => t.UserId).HasConstraintName("fk_user_tokens_user_id");
    }
}

// The framework would do so only where the host's options ask for it, and the model must be the same whoever asks.
internal sealed class UserPasskeyMapping : IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder)
    {
        builder.ToTable("user_passkeys");
        builder.HasKey(p => p.CredentialId);
        builder.Property(p => p.CredentialId).HasMaxLength(1023);
        builder.OwnsOne(p => p.Data, data => data.ToJson());
        builder.HasOne<ShopUser>().WithMany().HasForeignKey(p => p.UserId).HasConstraintName("fk_user_passkeys_user_id");
    }
}

internal sealed class RoleClaimMapping : IEntityTypeConfiguration<IdentityRoleClaim<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityRoleClaim<Guid>> builder)
    {
        builder.ToTable("role_claims");
        builder.HasOne<ShopRole>().WithMany().HasForeignKey(c => c.RoleId).HasConstraintName("fk_role_claims_role_id");
    }
}
