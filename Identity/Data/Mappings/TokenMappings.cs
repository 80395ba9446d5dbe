using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpenIddict.EntityFrameworkCore.Models;

namespace SecureShop.Identity.Data.Mappings;

// OpenIddict's tables, under names of ours. They are there with either engine, so that there is one set of migrations.
internal sealed class ApplicationMapping : IEntityTypeConfiguration<OpenIddictEntityFrameworkCoreApplication>
{
    public void Configure(EntityTypeBuilder<OpenIddictEntityFrameworkCoreApplication> builder)
    {
        builder.ToTable("applications");
        builder.HasIndex(application => application.ClientId).IsUnique().HasDatabaseName("ux_applications_client_id");
    }
}

internal sealed class AuthorizationMapping : IEntityTypeConfiguration<OpenIddictEntityFrameworkCoreAuthorization>
{
    public void Configure(EntityTypeBuilder<OpenIddictEntityFrameworkCoreAuthorization> builder)
    {
        builder.ToTable("authorizations");
        builder.HasIndex(authorization => authorization.Subject);
    }
}

internal sealed class ScopeMapping : IEntityTypeConfiguration<OpenIddictEntityFrameworkCoreScope>
{
    public void Configure(EntityTypeBuilder<OpenIddictEntityFrameworkCoreScope> builder)
    {
        builder.ToTable("scopes");
        builder.HasIndex(scope => scope.Name).IsUnique().HasDatabaseName("ux_scopes_name");
    }
}

internal sealed class TokenMapping : IEntityTypeConfiguration<OpenIddictEntityFrameworkCoreToken>
{
    public void Configure(EntityTypeBuilder<OpenIddictEntityFrameworkCoreToken> builder)
    {
        builder.ToTable("tokens");
        builder.HasIndex(token => token.ReferenceId).IsUnique().HasDatabaseName("ux_tokens_reference_id");
        builder.HasIndex(token => token.Subject);
    }
}
