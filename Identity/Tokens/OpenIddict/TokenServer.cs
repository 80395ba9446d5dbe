using SecureShop.Identity.Tokens.OpenIddict;

namespace SecureShop.Identity.Tokens;

/// <summary>OAuth 2.0 and OpenID Connect by OpenIddict: what it is told, and the handlers that give it what it lacks.</summary>
internal static class TokenServer
{
    public static void AddTokenServer(this IHostApplicationBuilder builder)
    {
        builder.AddTokenContracts();
        var services = builder.Services;
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, SigningCredentialsSource>()
            .AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>, SigningCredentialsSource>();
        services.AddScoped<ITokenGrants, Grants>().AddSingleton<ITidying, ExpiredGrants>();
        services.AddSingleton<Steps>().AddScoped<IOpenIddictServerDispatcher, Dispatcher>();
        services.AddScoped<TokenPrincipals>().AddScoped<IAuthorizationRequests, AuthorizationRequests>().AddScoped<IDeviceRequests, DeviceRequests>();
        services.AddSingleton<SignOutRequests>().AddSingleton<ISignOutRequests>(provider => provider.GetRequiredService<SignOutRequests>());

        var issuer = builder.Configuration.GetValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section).Issuer;
        var shop = builder.Configuration.GetValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section).Origin;
        services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<IdentityDbContext>();

                // The context of each request remembers what it has read, and its caches would forget that with it.
                core.DisableEntityCaching();
                Clients.AddTo(services);
            })
            .AddServer(server => Configure(server, issuer, shop));
    }

    public static void MapTokenServer(this IEndpointRouteBuilder routes) => Endpoints.Map(routes);

    private static void Configure(OpenIddictServerBuilder server, string issuer, string shop)
    {
        // Fixed: never taken from the Host header, which a caller chooses. And as it is written, without a slash at the end: clients and APIs
        // compare exactly, so that nobody mixes two issuers up (RFC 9207).
        server.SetIssuer(new Uri(issuer, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange()
            .AllowRefreshTokenFlow().AllowDeviceAuthorizationFlow().AllowClientCredentialsFlow().AllowCustomFlow(ApiKeyGrantType.Name)
            .IgnoreResponseTypePermissions();
        server.Configure(options =>
        {
            // "plain" is a challenge that proves nothing to whoever has read it; a fragment stays in the browser's history.
            options.CodeChallengeMethods.RemoveWhere(method => method != CodeChallengeMethods.Sha256);
            options.ResponseModes.Remove(ResponseModes.Fragment);
            options.RequestTokenLifetime = TokenLifetimes.PushedRequest;
        });
        server.RegisterScopes([.. ShopScopes.All.Select(scope => scope.Name)]);
        server.RegisterResources([.. ShopScopes.Apis.Select(api => ShopScopes.ResourceOf(shop, api))]);
        server.RegisterClaims([.. ShopClaims.Described]);

        server.SetAccessTokenLifetime(TokenLifetimes.Access).SetIdentityTokenLifetime(TokenLifetimes.Access)
            .SetAuthorizationCodeLifetime(TokenLifetimes.Code).SetRefreshTokenLifetime(TokenLifetimes.RefreshIdle)
            .SetDeviceCodeLifetime(TokenLifetimes.Device).SetUserCodeLifetime(TokenLifetimes.Device);

        // What stems from one grant is kept by us, and none is accepted twice, not even a moment later. Scopes we compare with those of the client.
        server.DisableAuthorizationStorage().SetRefreshTokenReuseLeeway(null).DisableScopeValidation();

        // APIs read access tokens. Everything else is sealed by the key ring, which outlives signing keys; the encryption key that is
        // demanded all the same seals nothing. An RSA key would take a good part of a start to make, and anew with each signing key.
        server.DisableAccessTokenEncryption().AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        server.UseDataProtection().PreferDefaultAccessTokenFormat();

        server.UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableUserInfoEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough()
            .SuppressJsonResponseIndentation();

        Requests.AddTo(server);
        Answers.AddTo(server);
        Assertions.AddTo(server);
        Dpop.AddTo(server);
        Families.AddTo(server);
        AccessTokens.AddTo(server);
        ServerEvents.AddTo(server);
    }
}
