using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace SecureShop.Identity.Data;

/// <summary>Everything Identity remembers: accounts, grants, signing keys, the key ring.</summary>
public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options)
    : IdentityDbContext<ShopUser, ShopRole, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The schema that holds every table of this context.</summary>
    public const string Schema = "identity";

    internal DbSet<GrantRow> Grants => Set<GrantRow>();

    internal DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    /// <summary>The data-protection key ring, sealed with a certificate.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.UseOpenIddict();
        builder.ApplyConfigurationsFromAssembly(typeof(IdentityDbContext).Assembly);
    }
}
