using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Data.Mappings;

internal sealed class UserMapping : IEntityTypeConfiguration<ShopUser>
{
    public void Configure(EntityTypeBuilder<ShopUser> builder)
    {
        // Of who is erased there is neither an address nor a key.
        builder.MapSealedRow("users", (nameof(ShopUser.SealedEmail), "email", EmailAddress.MaxLength), (nameof(ShopUser.SealedName), "display_name", 80));
        builder.ToTable(table => table.HasCheckConstraint(
            "ck_users_sealed", "(email is null) = (email_hash is null) and (email is null) = (key_owner is null) and (display_name is null or key_owner is not null)"));
        builder.ToTable(table => table.HasCheckConstraint("ck_users_email_hash", "octet_length(email_hash) = 32"));
        builder.Metadata.RemoveIndex(builder.Metadata.GetIndexes().Single(index => index.Properties[0].Name == nameof(ShopUser.NormalizedUserName)));
        builder.Ignore(u => u.UserName).Ignore(u => u.NormalizedUserName).Ignore(u => u.Email).Ignore(u => u.DisplayName);

        // One account per address: the constraint decides between two registrations that race.
        builder.Property(u => u.NormalizedEmail).HasColumnName("email_hash").HasConversion(text => Convert.FromHexString(text!), hash => Convert.ToHexString(hash));
        builder.HasIndex(u => u.NormalizedEmail).IsUnique();

        // What is not asked for cannot leak.
        builder.Ignore(u => u.PhoneNumber).Ignore(u => u.PhoneNumberConfirmed);
    }
}

internal sealed class RoleMapping : IEntityTypeConfiguration<ShopRole>
{
    public static readonly Guid CustomerId = Guid.Parse("01990000-0000-7000-8000-000000000001");

    public void Configure(EntityTypeBuilder<ShopRole> builder)
    {
        builder.ToTable("roles").HasData(
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

// The framework would do so only where the host's options ask for it, and the model must be the same whoever asks.
internal sealed class UserPasskeyMapping : IEntityTypeConfiguration<IdentityUserPasskey<Guid>>
{
    public void Configure(EntityTypeBuilder<IdentityUserPasskey<Guid>> builder)
    {
        builder.ToTable("user_passkeys").HasKey(p => p.CredentialId);
        builder.Property(p => p.CredentialId).HasMaxLength(1023);
        builder.OwnsOne(p => p.Data, data => data.ToJson());
    }
}
