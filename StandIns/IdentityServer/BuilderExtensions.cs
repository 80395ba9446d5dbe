using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Stores;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Chooses the server's parts.</summary>
public static class BuilderExtensions
{
    /// <summary>Clients from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryClients(this IIdentityServerBuilder builder, IEnumerable<Client> clients)
    {
        var store = new InMemoryClients(clients);
        builder.Services.AddSingleton<IClientStore>(store);
        builder.Services.TryAddSingleton<ICorsPolicyService>(store);
        return builder;
    }

    /// <summary>Identity data from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryIdentityResources(this IIdentityServerBuilder builder, IEnumerable<IdentityResource> identityResources) =>
        builder.AddInMemoryResources(identityResources);

    /// <summary>APIs from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryApiResources(this IIdentityServerBuilder builder, IEnumerable<ApiResource> apiResources) =>
        builder.AddInMemoryResources(apiResources);

    /// <summary>Scopes of APIs from a list.</summary>
    public static IIdentityServerBuilder AddInMemoryApiScopes(this IIdentityServerBuilder builder, IEnumerable<ApiScope> apiScopes) =>
        builder.AddInMemoryResources(apiScopes);

    /// <summary>Who knows the users.</summary>
    public static IIdentityServerBuilder AddProfileService<T>(this IIdentityServerBuilder builder)
        where T : class, IProfileService => builder.Add<IProfileService, T>();

    /// <summary>Where codes and refresh tokens are kept.</summary>
    public static IIdentityServerBuilder AddPersistedGrantStore<T>(this IIdentityServerBuilder builder)
        where T : class, IPersistedGrantStore => builder.Add<IPersistedGrantStore, T>();

    /// <summary>Where signing keys are kept.</summary>
    public static IIdentityServerBuilder AddSigningKeyStore<T>(this IIdentityServerBuilder builder)
        where T : class, ISigningKeyStore => builder.Add<ISigningKeyStore, T>();

    /// <summary>Which origins may call from a browser.</summary>
    public static IIdentityServerBuilder AddCorsPolicyService<T>(this IIdentityServerBuilder builder)
        where T : class, ICorsPolicyService => builder.Add<ICorsPolicyService, T>();

    /// <summary>A grant of the host's own.</summary>
    public static IIdentityServerBuilder AddExtensionGrantValidator<T>(this IIdentityServerBuilder builder)
        where T : class, IExtensionGrantValidator => builder.Add<IExtensionGrantValidator, T>();

    /// <summary>Lets clients prove themselves with their own keys (RFC 7523).</summary>
    public static IIdentityServerBuilder AddJwtBearerClientAuthentication(this IIdentityServerBuilder builder)
    {
        builder.Services.Configure<ClientAuthenticationMethods>(methods => methods.PrivateKeyJwt = true);
        return builder;
    }

    private static IIdentityServerBuilder Add<TService, T>(this IIdentityServerBuilder builder)
        where TService : class
        where T : class, TService
    {
        builder.Services.AddTransient<TService, T>();
        return builder;
    }

    private static IIdentityServerBuilder AddInMemoryResources<T>(this IIdentityServerBuilder builder, IEnumerable<T> resources)
        where T : Resource
    {
        builder.Services.AddSingleton(resources);
        builder.Services.TryAddSingleton<IResourceStore, InMemoryResources>();
        return builder;
    }
}
