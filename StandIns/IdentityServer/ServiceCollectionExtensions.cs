using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Endpoints;
using SecureShop.StandIns.IdentityServer.Grants;
using SecureShop.StandIns.IdentityServer.Keys;
using SecureShop.StandIns.IdentityServer.Services;
using SecureShop.StandIns.IdentityServer.Sessions;
using SecureShop.StandIns.IdentityServer.Stores;
using SecureShop.StandIns.IdentityServer.Tokens;
using SecureShop.StandIns.IdentityServer.Validation;

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
        services.AddLogging();
        services.AddDataProtection();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IdentityServerOptions>>().Value);
        AddCookies(services);
        AddProtocol(services);
        return new IdentityServerBuilder(services);
    }

    private static void AddCookies(IServiceCollection services)
    {
        services.AddAuthentication(IdentityServerConstants.DefaultCookieAuthenticationScheme)
            .AddCookie(IdentityServerConstants.DefaultCookieAuthenticationScheme)
            .AddCookie(IdentityServerConstants.ExternalCookieAuthenticationScheme);
        services.AddOptions<CookieAuthenticationOptions>(IdentityServerConstants.DefaultCookieAuthenticationScheme)
            .Configure<IdentityServerOptions>((cookie, options) =>
            {
                cookie.Cookie.Name = IdentityServerConstants.DefaultCookieAuthenticationScheme;
                cookie.Cookie.IsEssential = true;
                cookie.Cookie.SameSite = options.Authentication.CookieSameSiteMode;
                cookie.ExpireTimeSpan = options.Authentication.CookieLifetime;
                cookie.SlidingExpiration = options.Authentication.CookieSlidingExpiration;
            });
        services.AddScoped<AuthenticationService>();
        services.Replace(ServiceDescriptor.Scoped<IAuthenticationService, SessionAuthenticationService>());
        services.AddScoped<CookieScheme>();
        services.AddScoped<UserSession>();
        services.AddScoped<IUserSession>(provider => provider.GetRequiredService<UserSession>());
        services.AddScoped<SessionEnd>();
        services.AddScoped<Denials>();
        services.AddSingleton<SealedMessages>();
    }

    private static void AddProtocol(IServiceCollection services)
    {
        services.AddSingleton<KeyManager>();
        services.AddSingleton<DiscoveryDocument>();
        foreach (var endpoint in ProtocolRoute.All.Select(route => route.Endpoint).Distinct())
            services.AddTransient(endpoint);
        services.AddTransient<AuthorizeAnswers>().AddTransient<Interaction>();
        services.AddTransient<AuthorizeRequestValidator>().AddTransient<ScopeValidator>();
        services.AddTransient<ClientAuthenticator>().AddTransient<ClientAssertions>().AddTransient<SharedSecrets>();
        services.AddTransient<GrantTable>().AddTransient<CodeGrant>().AddTransient<RefreshGrant>().AddTransient<ClientCredentialsGrant>()
            .AddTransient<ExtensionGrants>().AddTransient<UserTokens>();
        services.AddTransient<TokenFactory>().AddTransient<TokenReader>().AddTransient<UserClaims>();
        services.AddTransient<GrantVault>().AddTransient<SingleUseLedger>();
        services.AddTransient<IIdentityServerInteractionService, InteractionService>();
        services.TryAddTransient<IPersistedGrantService, PersistedGrantService>();
        services.TryAddTransient<IIssuerNameService, IssuerNameService>();
        services.TryAddTransient<IEventService, EventService>();
        services.TryAddTransient<IEventSink, LogEventSink>();
        services.TryAddTransient<IProfileService, CookieProfileService>();
    }
}
