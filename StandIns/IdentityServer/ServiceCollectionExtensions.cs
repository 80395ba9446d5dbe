using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SecureShop.StandIns.IdentityServer.Grants;
using SecureShop.StandIns.IdentityServer.Keys;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Tokens;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>Adds the server.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds the server with its options.</summary>
    public static IIdentityServerBuilder AddIdentityServer(this IServiceCollection services, Action<IdentityServerOptions> setupAction)
    {
        services.Configure(setupAction);
        services.AddDataProtection();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IdentityServerOptions>>().Value);
        services.AddSingleton<ResourceList>().AddSingleton<KeyManager>().AddSingleton<DiscoveryDocument>().AddSingleton<SealedMessages>();

        services.AddScoped<AuthenticationService>().AddScoped<UserSession>();
        services.Replace(ServiceDescriptor.Scoped<IAuthenticationService, SessionAuthenticationService>());

        foreach (var endpoint in ProtocolRoute.All.Select(route => route.Endpoint).Distinct())
            services.AddTransient(endpoint);
        services.AddTransient<AuthorizeAnswers>().AddTransient<Interaction>();
        services.AddTransient<AuthorizeRequestValidator>().AddTransient<ScopeValidator>();
        services.AddTransient<ClientAuthenticator>().AddTransient<ClientAssertions>().AddTransient<SharedSecrets>();
        services.AddTransient<GrantTable>().AddTransient<CodeGrant>().AddTransient<RefreshGrant>().AddTransient<ClientCredentialsGrant>().AddTransient<UserTokens>();
        services.AddTransient<TokenFactory>().AddTransient<TokenReader>().AddTransient<UserClaims>();
        services.AddTransient<GrantVault>().AddTransient<SingleUseLedger>().AddTransient<EventService>();
        services.AddTransient<IIdentityServerInteractionService, InteractionService>();
        return new IdentityServerBuilder(services);
    }
}
