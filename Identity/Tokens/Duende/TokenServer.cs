using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Endpoints.Results;
using Duende.IdentityServer.ResponseHandling;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;
using SecureShop.Identity.Tokens.Duende;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Identity.Tokens;

/// <summary>OAuth 2.0 and OpenID Connect by Duende IdentityServer: what it is told, and the services that give it what it lacks.</summary>
internal static class TokenServer
{
    public static void AddTokenServer(this IHostApplicationBuilder builder)
    {
        builder.AddTokenContracts();
        var services = builder.Services;
        services.AddDpopProofs();
        services.AddScoped<Families>();
        services.AddScoped<Subjects>();
        services.AddScoped<ITokenGrants, TokenGrants>();
        services.AddScoped<IAuthorizationRequests, AuthorizationRequests>();
        services.AddScoped<IDeviceRequests, DeviceRequests>();
        services.AddScoped<ISignOutRequests, SignOutRequests>();
        services.AddSingleton<ITidying, ExpiredGrants>();

        services.AddOptions<IdentityServerOptions>().Configure<IOptions<IssuerOptions>>(
            (options, issuer) => Configure(options, issuer.Value.Issuer, builder.Configuration["Identity:LicenseKey"]));
        var server = services.AddIdentityServer();
        AddStores(server);
        AddChecks(server);
        AddAnswers(server, builder.Configuration);

        // IdentityServer brings a cookie of its own, which nothing here uses.
        services.Configure<Microsoft.AspNetCore.Authentication.AuthenticationOptions>(options => options.DefaultScheme = IdentityConstants.ApplicationScheme);
    }

    public static void MapTokenServer(this IEndpointRouteBuilder routes) => Endpoints.Map(routes);

    private static void AddStores(IIdentityServerBuilder server)
    {
        var services = server.Services;
        services.AddSingleton<ShopStore>();
        services.AddScoped<RefreshTokenRows>();
        services.AddScoped<DeviceGrants>();
        services.AddScoped<IRefreshTokenStore>(provider => provider.GetRequiredService<RefreshTokenRows>());
        services.AddScoped<IDeviceFlowStore>(provider => provider.GetRequiredService<DeviceGrants>());
        server.AddClientStore<ShopStore>()
            .AddPersistedGrantStore<GrantStore>()
            .AddPushedAuthorizationRequestStore<PushedRequests>()
            .AddSigningKeyStore<SigningKeyStore>();
        services.AddSingleton<IResourceStore>(provider => provider.GetRequiredService<ShopStore>());
    }

    private static void AddChecks(IIdentityServerBuilder server)
    {
        server.Services.AddTransient<Demands>();
        server.Services.AddTransient<IReplayCache, AssertionMarks>();
        server.Services.AddTransient<IDPoPProofValidator, DpopValidator>();
        server.Services.AddTransient<ITokenValidator, TokenChecks>();
        server.Services.AddTransient<IIntrospectionRequestValidator, Introspections>();
        server.Services.AddTransient<ITokenRevocationRequestValidator, Revocations>();
        server.Services.AddTransient<PrivateKeyJwtSecretValidator>();
        server.Services.AddTransient<ClientSecretValidator>();
        server.Services.AddTransient<IClientSecretValidator, ClientProofs>();
        server.Services.AddTransient<DistributedDeviceFlowThrottlingService>();
        server.Services.AddTransient<IDeviceFlowThrottlingService, DevicePace>();
        server.AddSecretParser<JwtBearerClientAssertionSecretParser>()
            .AddSecretValidator<ClientAssertions>()
            .AddRedirectUriValidator<RedirectUris>()
            .AddCustomAuthorizeRequestValidator<AuthorizeRequests>()
            .AddCustomTokenRequestValidator<TokenRequests>()
            .AddExtensionGrantValidator<ApiKeyGrants>();
    }

    private static void AddAnswers(IIdentityServerBuilder server, IConfiguration configuration)
    {
        var services = server.Services;
        services.AddScoped<IProfileService, ShopProfile>();
        services.AddTransient<IClaimsService, TokenClaims>();
        services.AddTransient<ITokenService, AccessTokens>();
        services.AddTransient<IRefreshTokenService, RefreshTokens>();
        services.AddTransient<IDiscoveryResponseGenerator, Metadata>();
        services.AddTransient<ITokenRevocationResponseGenerator, Revocations>();
        services.AddTransient<IEventSink, TokenEvents>();
        services.AddTransient<AuthorizeHttpWriter>();
        server.AddUserSession<BrowserSession>()
            .AddAuthorizeInteractionResponseGenerator<Interactions>()
            .AddHttpWriter<AuthorizeInteractionPageResult, PageRedirects>()
            .AddHttpWriter<AuthorizeResult, AuthorizeAnswers>()
            .AddHttpWriter<StatusCodeResult, StatusAnswers>();

        server.AddBackChannelLogoutHttpClient(http => http.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(() => ServiceConnection.CreateHandler(configuration));
    }

    private static void Configure(IdentityServerOptions options, string issuer, string? licenceKey)
    {
        options.LicenseKey = licenceKey;

        // Fixed: never taken from the Host header, which a caller chooses.
        options.IssuerUri = issuer;
        options.EmitScopesAsSpaceDelimitedStringInJwt = true;

        options.KeyManagement.SigningAlgorithms = [new SigningAlgorithmOptions("ES256")];

        // A key is announced for two days, signs for thirty, and stays known for two more.
        options.KeyManagement.RotationInterval = TimeSpan.FromDays(2 + 30);
        options.KeyManagement.PropagationTime = TimeSpan.FromDays(2);
        options.KeyManagement.RetentionDuration = TimeSpan.FromDays(2);
        options.SupportedClientAssertionSigningAlgorithms = ["ES256"];
        options.DPoP.SupportedDPoPSigningAlgorithms = ["ES256"];
        options.JwtValidationClockSkew = ClientAssertions.ClockSkew;

        options.Authentication.CookieAuthenticationScheme = IdentityConstants.ApplicationScheme;
        options.UserInteraction.LoginUrl = Paths.LoginPage;
        options.UserInteraction.LoginReturnUrlParameter = "returnUrl";
        options.UserInteraction.LogoutUrl = Paths.LogoutPage;
        options.UserInteraction.ConsentUrl = Paths.ConsentPage;
        options.UserInteraction.ErrorUrl = Paths.ErrorPage;
        options.UserInteraction.DeviceVerificationUrl = Paths.DevicePage;
        options.UserInteraction.DeviceVerificationUserCodeParameter = "user_code";

        // Of the server's own events the failures; TokenEvents words them.
        options.Events.RaiseFailureEvents = true;

        // What nobody uses is closed.
        options.Endpoints.EnableCheckSessionEndpoint = false;
        options.Endpoints.EnableBackchannelAuthenticationEndpoint = false;
    }
}
