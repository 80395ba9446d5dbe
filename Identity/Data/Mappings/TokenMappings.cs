using OpenIddict.EntityFrameworkCore.Models;

namespace SecureShop.Identity.Data.Mappings;

/// <summary>OpenIddict's tables, under names of ours. They are there with either engine, so that there is one set of migrations.</summary>
internal static class TokenMappings
{
    public static void MapTokens(this ModelBuilder model)
    {
        model.UseOpenIddict();
        model.Entity<OpenIddictEntityFrameworkCoreApplication>().ToTable("applications");
        model.Entity<OpenIddictEntityFrameworkCoreAuthorization>().ToTable("authorizations").HasIndex(authorization => authorization.Subject);
        model.Entity<OpenIddictEntityFrameworkCoreScope>().ToTable("scopes");
        model.Entity<OpenIddictEntityFrameworkCoreToken>().ToTable("tokens").HasIndex(token => token.Subject);
    }
}
