using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SecureShop.StandIns.IdentityServer.Configuration;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Adds the server.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds the server with its options.</summary>
    public static IIdentityServerBuilder AddIdentityServer(this IServiceCollection services, Action<IdentityServerOptions> setupAction)
    {
        services.Configure(setupAction);
        return services.AddIdentityServer();
    }

    /// <summary>Adds the server.</summary>
    public static IIdentityServerBuilder AddIdentityServer(this IServiceCollection services)
    {
        services.AddOptions();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IdentityServerOptions>>().Value);
        return new IdentityServerBuilder(services);
    }
}
