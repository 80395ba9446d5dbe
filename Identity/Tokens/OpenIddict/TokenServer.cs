using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using SecureShop.Identity.Tokens.OpenIddict;
using SecureShop.ServiceDefaults.Services;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecureShop.Identity.Tokens;

/// <summary>OAuth 2.0 and OpenID Connect by OpenIddict: what it is told, and the handlers that give it what it lacks.</summary>
internal static class TokenServer
{
    public static void AddTokenServer(this IHostApplicationBuilder builder)
    {
        builder.AddTokenContracts();

        // At its usual level it writes each request and each answer whole, and does not know that an API key is a secret.
        builder.Logging.AddFilter("OpenIddict", LogLevel.Warning);
        var services = builder.Services;
        services.AddSigningKeys();
        services.AddHostedService<StoredClients>();
        services.AddSingleton<ITidying, Pruning>();
        services.AddScoped<Families>();
        services.AddScoped<ITokenGrants, Grants>();
        services.AddScoped<TokenPrincipals>();
        services.AddScoped<IAuthorizationRequests, AuthorizationRequests>();
        services.AddScoped<IDeviceRequests, DeviceRequests>();
        services.AddSingleton<ISignOutRequests, SignOutRequests>();
        services.AddHttpClient(BackChannelLogout.ClientName).ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(() => ServiceConnection.CreateHandler(builder.Configuration));
        services.AddSingleton<BackChannelLogout>();
        services.AddHostedService(provider => provider.GetRequiredService<BackChannelLogout>());
        services.AddSingleton<ReadClients>();
        services.AddSingleton<HandlersByEvent>();
        services.AddScoped<IOpenIddictServerDispatcher, Dispatcher>();

        var issuer = builder.Configuration.GetValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section).Issuer;
        services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<IdentityDbContext>();

                // The context of each request remembers what it has read, and its caches would forget that with it.
                core.DisableEntityCaching();
                core.ReplaceApplicationManager<OpenIddictEntityFrameworkCoreApplication, ClientManager>();
            })
            .AddServer(server => Configure(server, issuer));
    }

    public static void MapTokenServer(this IEndpointRouteBuilder routes) => Endpoints.Map(routes);

    private static void Configure(OpenIddictServerBuilder server, string issuer)
    {
        // Fixed: never taken from the Host header, which a caller chooses.
        server.SetIssuer(issuer);
        server.SetConfigurationEndpointUris(Paths.Configuration, Paths.OAuthMetadata)
            .SetJsonWebKeySetEndpointUris(Paths.Keys)
            .SetAuthorizationEndpointUris(Paths.Authorize)
            .SetPushedAuthorizationEndpointUris(Paths.Push)
            .SetTokenEndpointUris(Paths.Token)
            .SetDeviceAuthorizationEndpointUris(Paths.Device)
            .SetEndUserVerificationEndpointUris(Paths.DevicePage)
            .SetIntrospectionEndpointUris(Paths.Introspect)
            .SetRevocationEndpointUris(Paths.Revoke)
            .SetUserInfoEndpointUris(Paths.UserInfo)
            .SetEndSessionEndpointUris(Paths.EndSession);

        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange()
            .AllowRefreshTokenFlow().AllowDeviceAuthorizationFlow().AllowClientCredentialsFlow().AllowCustomFlow(ApiKeyGrantType.Name);
        server.Configure(options =>
        {
            // "plain" is a challenge that proves nothing to whoever has read it; a fragment stays in the browser's history.
            options.CodeChallengeMethods.RemoveWhere(method => method != CodeChallengeMethods.Sha256);
            options.ResponseModes.Remove(ResponseModes.Fragment);
            options.RequestTokenLifetime = TokenLifetimes.PushedRequest;
        });
        server.RegisterScopes([.. ShopScopes.All.Select(scope => scope.Name)]);
        server.RegisterResources([.. ShopScopes.Apis.Select(api => ShopScopes.ResourceOf(api))]);
        server.RegisterClaims(Claims.Subject, Claims.Name, Claims.Email, Claims.EmailVerified, Claims.AuthenticationTime, ShopClaims.AuthenticationContext, ShopClaims.AuthenticationMethod, ShopClaims.Session);

        server.SetAccessTokenLifetime(TokenLifetimes.Access).SetIdentityTokenLifetime(TokenLifetimes.Access)
            .SetAuthorizationCodeLifetime(TokenLifetimes.Code).SetRefreshTokenLifetime(TokenLifetimes.RefreshIdle)
            .SetDeviceCodeLifetime(TokenLifetimes.Device).SetUserCodeLifetime(TokenLifetimes.Device);

        // A refresh token is a reference to a row, and none is accepted twice, not even a moment later.
        server.UseReferenceRefreshTokens().SetRefreshTokenReuseLeeway(null);

        // APIs read access tokens. Everything else is sealed by the key ring, which outlives signing keys; the encryption key that is
        // demanded all the same seals nothing.
        server.DisableAccessTokenEncryption().AddEphemeralEncryptionKey();
        server.UseDataProtection().PreferDefaultAccessTokenFormat();

        server.UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableUserInfoEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough()
            .SuppressJsonResponseIndentation();

        Wire.AddTo(server);
        ErrorRedirects.AddTo(server);
        AuthorizationErrors.AddTo(server);
        ClientScopes.AddTo(server);
        RequestRules.AddTo(server);
        DiscoveryEntries.AddTo(server);
        Assertions.AddTo(server);
        Dpop.AddTo(server);
        Families.AddTo(server);
        Narrowing.AddTo(server);
        TokenRows.AddTo(server);
        ServerEvents.AddTo(server);
    }
}
