namespace SecureShop.AppHost;

/// <summary>A database role that a service logs in as.</summary>
internal sealed record AppRole(IResourceBuilder<ConnectionStringResource> Login, IResourceBuilder<ParameterResource> Password);

internal static class AppRoleExtensions
{
    /// <summary>A service's own login to Postgres. The pool is small, since the server bounds what a role may hold over all replicas.</summary>
    public static AppRole AddAppRole(this IDistributedApplicationBuilder builder, string service, IStores stores, KeptSecrets kept)
    {
        var password = kept.AddPassword(builder, $"{service}-app-password");
        return new AppRole(
            builder.AddConnectionString($"{service}db", ReferenceExpression.Create(
                $"{stores.Server};Database=shop;Username={service}_app;Password={password};SSL Mode=VerifyFull;Channel Binding=Require;Maximum Pool Size=8")),
            password);
    }
}
