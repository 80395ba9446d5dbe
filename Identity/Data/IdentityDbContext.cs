using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using SecureShop.Identity.Data.Mappings;
using SecureShop.Mail;
using SecureShop.Storage.Audit;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Identity.Data;

/// <summary>Everything Identity remembers: accounts, grants, signing keys, the key ring.</summary>
public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options)
    : IdentityDbContext<ShopUser, ShopRole, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>The schema that holds every table of this context.</summary>
    public const string Schema = "identity";

    internal DbSet<GrantRow> Grants => Set<GrantRow>();

    internal DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    internal DbSet<AuthenticatorRow> Authenticators => Set<AuthenticatorRow>();

    internal DbSet<RecoveryCodeRow> RecoveryCodes => Set<RecoveryCodeRow>();

    internal DbSet<SpentChallengeRow> SpentChallenges => Set<SpentChallengeRow>();

    /// <summary>The data-protection key ring, sealed with a certificate.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.Entity<IdentityUserRole<Guid>>().ToTable("user_roles");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");

        // There with either engine, so that there is one set of migrations.
        builder.UseOpenIddict();
        builder.Entity<OpenIddictEntityFrameworkCoreApplication>().ToTable("applications");
        builder.Entity<OpenIddictEntityFrameworkCoreAuthorization>().ToTable("authorizations").HasIndex(authorization => authorization.Subject);
        builder.Entity<OpenIddictEntityFrameworkCoreScope>().ToTable("scopes");
        builder.Entity<OpenIddictEntityFrameworkCoreToken>().ToTable("tokens").HasIndex(token => token.Subject);
        builder.MapAudit();
        builder.MapMail();
        builder.MapPersonalRequests();
        builder.MapSealing();
        builder.ApplyConfigurationsFromAssembly(typeof(IdentityDbContext).Assembly);
        builder.ApplyConventions();
    }
}
