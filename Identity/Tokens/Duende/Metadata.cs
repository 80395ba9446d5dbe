using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.ResponseHandling;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Duende.IdentityServer.Validation;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>The server's description of itself (OpenID Connect Discovery, RFC 8414): what it does for its clients, and not all that the product could do.</summary>
internal sealed class Metadata(
    IdentityServerOptions options, IResourceStore resources, IKeyMaterialService keys, ExtensionGrantValidator extensionGrants,
    ISecretsListParser secretParsers, IResourceOwnerPasswordValidator passwords, ILogger<DiscoveryResponseGenerator> logger)
    : DiscoveryResponseGenerator(options, resources, keys, extensionGrants, secretParsers, passwords, logger)
{
    public static IReadOnlyList<string> Grants { get; } =
        ["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code", ApiKeyGrantType.Name];

    private static readonly string[] NotOffered =
    [
        "request_object_signing_alg_values_supported", "userinfo_signing_alg_values_supported",
        "frontchannel_logout_supported", "frontchannel_logout_session_supported",
    ];

    public override async Task<Dictionary<string, object>> CreateDiscoveryDocumentAsync(string baseUrl, string issuerUri)
    {
        var entries = await base.CreateDiscoveryDocumentAsync(baseUrl, issuerUri);
        foreach (var name in NotOffered)
            entries.Remove(name);
        entries["grant_types_supported"] = Grants;
        entries["response_types_supported"] = new[] { "code" };
        entries["response_modes_supported"] = new[] { "query", "form_post" };
        entries["code_challenge_methods_supported"] = new[] { "S256" };
        entries["acr_values_supported"] = Acr.All;
        entries["request_parameter_supported"] = false;
        entries["request_uri_parameter_supported"] = false;
        entries["introspection_endpoint_auth_methods_supported"] = new[] { "private_key_jwt" };
        entries["claims_supported"] = new[]
        {
            ShopClaims.Subject, ShopClaims.Name, ShopClaims.Email, ShopClaims.EmailVerified, ShopClaims.AuthenticationTime,
            ShopClaims.AuthenticationContext, ShopClaims.AuthenticationMethod, ShopClaims.Session,
        };
        return entries;
    }
}
