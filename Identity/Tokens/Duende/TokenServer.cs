using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Endpoints.Results;
using SecureShop.Identity.Tokens.Duende;

namespace SecureShop.Identity.Tokens;

/// <summary>OAuth 2.0 and OpenID Connect by Duende IdentityServer: what it is told, and the services that give it what it lacks.</summary>
internal static class TokenServer
{
    public static void AddTokenServer(this IHostApplicationBuilder builder)
    {
        builder.AddTokenContracts();
        var services = builder.Services;
        services.AddDpopProofs();
        services.AddScoped<ITokenGrants, TokenGrants>().AddScoped<IAuthorizationRequests, AuthorizationRequests>()
            .AddScoped<ISignOutRequests, AuthorizationRequests>().AddScoped<IDeviceRequests, DeviceRequests>();

        services.AddOptions<IdentityServerOptions>().Configure<IOptions<IssuerOptions>>(
            (options, issuer) => Configure(options, issuer.Value.Issuer, builder.Configuration["Identity:LicenseKey"]));
        AddParts(services.AddIdentityServer(), builder.Configuration.GetValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section).Origin);

        // IdentityServer brings a cookie of its own, which nothing here uses.
        services.Configure<Microsoft.AspNetCore.Authentication.AuthenticationOptions>(options => options.DefaultScheme = IdentityConstants.ApplicationScheme);

        // It writes down all that comes with a wish for sign-out, which may be a secret.
        builder.Logging.AddFilter("Duende.IdentityServer.Validation.EndSessionRequestValidator", LogLevel.Error);
    }

    /// <summary>Behind all addresses is IdentityServer, which finds out by the address what is asked of it.</summary>
    public static void MapTokenServer(this IEndpointRouteBuilder routes)
    {
        var server = routes.CreateApplicationBuilder();
        var issuer = server.ApplicationServices.GetRequiredService<IOptions<IssuerOptions>>().Value.Issuer;
        server.Use(async (context, next) =>
        {
            // HEAD is answered as GET is; that no body goes out is seen to elsewhere.
            if (HttpMethods.IsHead(context.Request.Method))
                context.Request.Method = HttpMethods.Get;
            await next(context);

            // Our pages by their paths: a host name would be the issuer's, wherever the browser is.
            if (context.Response.Headers.Location.ToString() is { } location && location.StartsWith(issuer + "/", StringComparison.Ordinal))
                context.Response.Headers.Location = location[issuer.Length..];

            // Why, in the words of OAuth (RFC 7662, 2.3).
            if (context.Request.Path == Paths.Introspect && context.Response is { StatusCode: StatusCodes.Status401Unauthorized, HasStarted: false })
                await context.Response.WriteAsJsonAsync(new { error = "invalid_client" }, context.RequestAborted);
        });
        server.UseUserInfo();
        server.UseIdentityServer();
        var answer = server.Build();
        ProtocolEndpoints.Map(routes, _ => answer);
    }

    private static void AddParts(IIdentityServerBuilder server, string shop)
    {
        var services = server.Services;

        // What is kept.
        services.AddSingleton(provider => Registered.Clients(provider.GetRequiredService<KnownClients>()));
        services.AddSingleton(provider => Registered.Apis(provider.GetRequiredService<KnownClients>(), shop));
        services.AddSingleton<ITidying, ExpiredGrants>().AddScoped<Families>()
            .AddScoped<DeviceGrants>().AddScoped<IDeviceFlowStore>(provider => provider.GetRequiredService<DeviceGrants>());
        services.AddSingleton<ISigningCredentialStore, SigningCredentialsSource>().AddSingleton<IValidationKeysStore, SigningCredentialsSource>();
        server.AddInMemoryIdentityResources(Registered.Identities).AddInMemoryApiScopes(Registered.Scopes).AddClientStore<InMemoryClientStore>()
            .AddPersistedGrantStore<GrantStore>().AddPushedAuthorizationRequestStore<PushedRequests>();

        // What is checked.
        services.AddTransient<Demands>().AddTransient<ITokenValidator, TokenChecks>().AddTransient<ITokenRevocationRequestValidator, Revocations>()
            .AddTransient<ClientSecretValidator>().AddTransient<IClientSecretValidator, ClientProofs>()
            .AddTransient<PrivateKeyJwtSecretValidator>().AddTransient<IReplayCache, AssertionMarks>()
            .AddTransient<IDPoPProofValidator, DpopValidator>()
            .AddTransient<DistributedDeviceFlowThrottlingService>().AddTransient<IDeviceFlowThrottlingService, DevicePace>();
        server.AddSecretParser<JwtBearerClientAssertionSecretParser>().AddSecretValidator<ClientAssertions>()
            .AddRedirectUriValidator<RedirectUris>().AddCustomAuthorizeRequestValidator<AuthorizeRequests>()
            .AddCustomTokenRequestValidator<TokenRequests>().AddExtensionGrantValidator<ApiKeyGrants>();

        // What is answered.
        services.AddScoped<Subjects>().AddTransient<IClaimsService, SignInClaims>().AddTransient<IRefreshTokenService, RefreshTokens>()
            .AddTransient<IDiscoveryResponseGenerator, Metadata>().AddTransient<ITokenRevocationResponseGenerator, Revocations>()
            .AddTransient<IEventSink, TokenEvents>().AddTransient<AuthorizeHttpWriter>();
        server.AddProfileService<ShopProfile>().AddUserSession<BrowserSession>().AddAuthorizeInteractionResponseGenerator<Interactions>()
            .AddHttpWriter<AuthorizeInteractionPageResult, PageRedirects>().AddHttpWriter<AuthorizeResult, AuthorizeAnswers>();
    }

    private static void Configure(IdentityServerOptions options, string issuer, string? licenceKey)
    {
        options.LicenseKey = licenceKey;

        // Fixed: never taken from the Host header, which a caller chooses.
        options.IssuerUri = issuer;
        options.EmitScopesAsSpaceDelimitedStringInJwt = true;
        options.KeyManagement.Enabled = false;
        options.SupportedClientAssertionSigningAlgorithms = ["ES256"];
        options.SupportedRequestObjectSigningAlgorithms = [];
        options.DPoP.SupportedDPoPSigningAlgorithms = ["ES256"];
        options.JwtValidationClockSkew = AssertionRules.Skew;

        // GrantStore knows a used one when it comes again.
        options.PersistentGrants.DeleteOneTimeOnlyRefreshTokensOnUse = false;

        options.Authentication.CookieAuthenticationScheme = IdentityConstants.ApplicationScheme;
        options.UserInteraction.LoginUrl = Paths.LoginPage;
        options.UserInteraction.LoginReturnUrlParameter = "returnUrl";
        options.UserInteraction.LogoutUrl = Paths.LogoutPage;
        options.UserInteraction.ConsentUrl = Paths.ConsentPage;
        options.UserInteraction.ErrorUrl = Paths.ErrorPage;
        options.UserInteraction.DeviceVerificationUrl = Paths.DevicePage;
        options.UserInteraction.DeviceVerificationUserCodeParameter = "user_code";

        // Of the server's own events the failures; TokenEvents words them. What it writes down of requests has no secret in it.
        options.Events.RaiseFailureEvents = true;
        options.Logging.TokenRequestSensitiveValuesFilter.Add(ApiKeyGrantType.Parameter);

        // What nobody uses is closed.
        options.Endpoints.EnableCheckSessionEndpoint = false;
        options.Endpoints.EnableBackchannelAuthenticationEndpoint = false;
    }
}
