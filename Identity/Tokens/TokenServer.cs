using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Identity.Tokens;

internal static class TokenServer
{
    public const string LoginPath = "/account/login";
    public const string LogoutPath = "/account/logout";

    /// <summary>OAuth 2.0 and OpenID Connect: clients, scopes, keys, and where they are kept.</summary>
    public static void AddTokenServer(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section);
        var issuer = builder.Configuration.GetValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section).Issuer;
        var shop = builder.Configuration.GetValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
        var clients = builder.Configuration.GetValidatedOptions<ClientOptions, ClientOptions.Validator>(ClientOptions.Section);

        builder.Services
            .AddIdentityServer(options => Configure(options, issuer, builder.Configuration["Identity:LicenseKey"]))
            .AddAspNetIdentity<ShopUser>()
            .AddProfileService<ShopProfile>()
            .AddInMemoryIdentityResources(ShopResources.Identity)
            .AddInMemoryApiScopes(ShopResources.Scopes)
            .AddInMemoryApiResources(ShopResources.Apis)
            .AddInMemoryClients(ShopClients.From(clients, shop.Origin).ToList())
            .AddJwtBearerClientAuthentication()
            .AddPersistedGrantStore<GrantStore>()
            .AddSigningKeyStore<SigningKeyStore>();
        builder.Services.AddHostedService<ExpiredGrants>();
        builder.Services.AddTransient<IEventSink, TokenEvents>();

        // AddAspNetIdentity opens the cookie to cross-site frames, which we have none of.
        builder.Services.PostConfigure<CookieAuthenticationOptions>(
            IdentityConstants.ApplicationScheme, options => options.Cookie.SameSite = SameSiteMode.Lax);
    }

    private static void Configure(IdentityServerOptions options, string issuer, string? licenceKey)
    {
        options.LicenseKey = licenceKey;

        // Fixed: never taken from the Host header, which a caller chooses.
        options.IssuerUri = issuer;
        options.EmitScopesAsSpaceDelimitedStringInJwt = true;

        options.KeyManagement.SigningAlgorithms = [new SigningAlgorithmOptions("ES256")];
        options.KeyManagement.RotationInterval = TimeSpan.FromDays(30);
        options.KeyManagement.PropagationTime = TimeSpan.FromDays(2);
        options.KeyManagement.RetentionDuration = TimeSpan.FromDays(2);
        options.SupportedClientAssertionSigningAlgorithms = ["ES256"];
        options.JwtValidationClockSkew = TimeSpan.FromSeconds(30);

        options.Authentication.CookieAuthenticationScheme = IdentityConstants.ApplicationScheme;
        options.UserInteraction.LoginUrl = LoginPath;
        options.UserInteraction.LoginReturnUrlParameter = "returnUrl";
        options.UserInteraction.LogoutUrl = LogoutPath;
        options.UserInteraction.ErrorUrl = "/error";

        // Discovery names what this server does for its clients, and not all that the product could do.
        options.Discovery.ShowGrantTypes = false;
        options.Discovery.ShowResponseTypes = false;
        options.Discovery.ShowResponseModes = false;
        options.Discovery.CustomEntries.Add("grant_types_supported", new[] { "authorization_code", "client_credentials", "refresh_token" });
        options.Discovery.CustomEntries.Add("response_types_supported", new[] { "code" });
        options.Discovery.CustomEntries.Add("response_modes_supported", new[] { "query", "form_post" });

        // Of the server's own events the failures; TokenEvents words them.
        options.Events.RaiseFailureEvents = true;

        // What nobody uses is closed.
        options.Endpoints.EnableCheckSessionEndpoint = false;
        options.Endpoints.EnableIntrospectionEndpoint = false;
        options.Endpoints.EnableDeviceAuthorizationEndpoint = false;
        options.Endpoints.EnableBackchannelAuthenticationEndpoint = false;
        options.Endpoints.EnablePushedAuthorizationEndpoint = false;
        options.Endpoints.EnableOAuth2MetadataEndpoint = false;
    }
}
