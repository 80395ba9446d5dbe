namespace SecureShop.StandIns.IdentityServer;

/// <summary>Chooses the server's parts.</summary>
public static class BuilderExtensions
{
    /// <summary>Clients from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryClients(this IIdentityServerBuilder builder, IEnumerable<Client> clients) =>
        builder.Add(new ClientList(clients));

    /// <summary>Identity data from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryIdentityResources(this IIdentityServerBuilder builder, IEnumerable<IdentityResource> identityResources) =>
        builder.Add(identityResources);

    /// <summary>APIs from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryApiResources(this IIdentityServerBuilder builder, IEnumerable<ApiResource> apiResources) =>
        builder.Add(apiResources);

    /// <summary>Scopes of APIs from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryApiScopes(this IIdentityServerBuilder builder, IEnumerable<ApiScope> apiScopes) =>
        builder.Add(apiScopes);

    /// <summary>Who knows the users.</summary>
    public static IIdentityServerBuilder AddProfileService<T>(this IIdentityServerBuilder builder)
        where T : class, IProfileService => builder.Add<IProfileService, T>();

    /// <summary>Where codes and refresh tokens are kept.</summary>
    public static IIdentityServerBuilder AddPersistedGrantStore<T>(this IIdentityServerBuilder builder)
        where T : class, IPersistedGrantStore => builder.Add<IPersistedGrantStore, T>();

    /// <summary>Where signing keys are kept.</summary>
    public static IIdentityServerBuilder AddSigningKeyStore<T>(this IIdentityServerBuilder builder)
        where T : class, ISigningKeyStore => builder.Add<ISigningKeyStore, T>();

    /// <summary>Lets clients prove themselves with their own keys (RFC 7523); the stand-in always does.</summary>
    public static IIdentityServerBuilder AddJwtBearerClientAuthentication(this IIdentityServerBuilder builder) => builder;

    private static IIdentityServerBuilder Add<TService, T>(this IIdentityServerBuilder builder)
        where TService : class
        where T : class, TService
    {
        builder.Services.AddTransient<TService, T>();
        return builder;
    }

    private static IIdentityServerBuilder Add<T>(this IIdentityServerBuilder builder, T instance)
        where T : class
    {
        builder.Services.AddSingleton(instance);
        return builder;
    }
}
