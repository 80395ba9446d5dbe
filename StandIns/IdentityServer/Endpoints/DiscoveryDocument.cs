using System.Text.Json;
using static SecureShop.StandIns.IdentityServer.IdentityServerConstants.ProtocolRoutePaths;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>Publishes what this server is and can (OpenID Connect Discovery); written once, for nothing of it changes while the process runs.</summary>
internal sealed class DiscoveryDocument(IdentityServerOptions options, ResourceList resources)
{
    private static readonly string[] Authentication = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
    private static readonly string[] Prompts = [Prompt.None, Prompt.Login, Prompt.Consent, Prompt.SelectAccount];
    private byte[]? _written;

    public byte[] Written => _written ??= JsonSerializer.SerializeToUtf8Bytes(Describe(options.IssuerUri + "/"));

    private Dictionary<string, object> Describe(string root)
    {
        var identity = resources.Identity.Where(resource => resource.ShowInDiscoveryDocument).ToList();
        var scopes = resources.Scopes.Where(scope => scope.ShowInDiscoveryDocument);
        var document = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = options.IssuerUri,
            ["jwks_uri"] = root + DiscoveryWebKeys,
            ["authorization_endpoint"] = root + Authorize,
            ["token_endpoint"] = root + Token,
            ["userinfo_endpoint"] = root + UserInfo,
            ["end_session_endpoint"] = root + EndSession,
            ["revocation_endpoint"] = root + Revocation,
            ["scopes_supported"] =
                identity.Concat<Resource>(scopes).Select(resource => resource.Name).Append(IdentityServerConstants.StandardScopes.OfflineAccess).ToList(),
            ["claims_supported"] = identity.SelectMany(resource => resource.UserClaims).Distinct(StringComparer.Ordinal).ToList(),
            ["code_challenge_methods_supported"] = new[] { "S256" },
            ["token_endpoint_auth_methods_supported"] = Authentication,
            ["token_endpoint_auth_signing_alg_values_supported"] = ClientAssertions.AcceptedAlgorithms(options).ToList(),
            ["revocation_endpoint_auth_methods_supported"] = Authentication,
            ["id_token_signing_alg_values_supported"] = new[] { Keys.SigningKey.Algorithm },
            ["subject_types_supported"] = new[] { "public" },
            ["prompt_values_supported"] = Prompts,
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["authorization_response_iss_parameter_supported"] = true,
        };
        if (options.Discovery.ShowGrantTypes)
            document["grant_types_supported"] = new[] { GrantType.AuthorizationCode, GrantType.ClientCredentials, GrantType.RefreshToken };
        if (options.Discovery.ShowResponseTypes)
            document["response_types_supported"] = new[] { "code" };
        if (options.Discovery.ShowResponseModes)
            document["response_modes_supported"] = new[] { "query", "form_post" };
        foreach (var (name, value) in options.Discovery.CustomEntries)
            document.TryAdd(name, value);
        return document;
    }
}
