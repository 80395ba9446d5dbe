using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Keys;
using SecureShop.StandIns.IdentityServer.Models;
using SecureShop.StandIns.IdentityServer.Stores;
using SecureShop.StandIns.IdentityServer.Validation;
using static SecureShop.StandIns.IdentityServer.IdentityServerConstants.ProtocolRoutePaths;

namespace SecureShop.StandIns.IdentityServer.Endpoints;

/// <summary>The discovery document, written once per issuer: clients and resources do not change while the process runs.</summary>
internal sealed class DiscoveryDocument(IdentityServerOptions options, IOptions<ClientAuthenticationMethods> methods)
{
    /// <summary>Without a configured issuer, the Host header makes it up: a stranger must not fill the memory with it.</summary>
    private const int MostIssuers = 16;
    private readonly ConcurrentDictionary<string, byte[]> _written = new(StringComparer.Ordinal);

    public async ValueTask<byte[]> GetAsync(string issuer, IServiceProvider services)
    {
        if (_written.TryGetValue(issuer, out var known))
            return known;

        var resources = await services.GetRequiredService<IResourceStore>().GetAllResourcesAsync();
        var extensions = services.GetServices<IExtensionGrantValidator>().Select(validator => validator.GrantType);
        var body = JsonSerializer.SerializeToUtf8Bytes(Describe(issuer.TrimEnd('/') + "/", issuer, resources, extensions));
        if (_written.Count < MostIssuers)
            _written[issuer] = body;
        return body;
    }

    private Dictionary<string, object> Describe(string root, string issuer, Resources resources, IEnumerable<string> extensionGrants)
    {
        string[] authentication = methods.Value.PrivateKeyJwt
            ? ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]
            : ["client_secret_basic", "client_secret_post", "none"];
        var document = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = issuer,
            ["jwks_uri"] = root + DiscoveryWebKeys,
            ["authorization_endpoint"] = root + Authorize,
            ["token_endpoint"] = root + Token,
            ["userinfo_endpoint"] = root + UserInfo,
            ["end_session_endpoint"] = root + EndSession,
            ["revocation_endpoint"] = root + Revocation,
            ["scopes_supported"] = Scopes(resources),
            ["claims_supported"] = options.Discovery.ShowClaims
                ? resources.IdentityResources.Where(resource => resource.ShowInDiscoveryDocument).SelectMany(resource => resource.UserClaims)
                    .Distinct(StringComparer.Ordinal).ToList()
                : [],
            ["code_challenge_methods_supported"] = new[] { "S256" },
            ["token_endpoint_auth_methods_supported"] = authentication,
            ["revocation_endpoint_auth_methods_supported"] = authentication,
            ["id_token_signing_alg_values_supported"] = new[] { SigningKey.Algorithm },
            ["subject_types_supported"] = new[] { "public" },
            ["prompt_values_supported"] = Prompts(),
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["authorization_response_iss_parameter_supported"] = options.EmitIssuerIdentificationResponseParameter,
        };
        if (methods.Value.PrivateKeyJwt)
            document["token_endpoint_auth_signing_alg_values_supported"] = ClientAssertions.AcceptedAlgorithms(options).ToList();
        if (options.Discovery.ShowGrantTypes)
            document["grant_types_supported"] = new[] { GrantType.AuthorizationCode, GrantType.ClientCredentials, GrantType.RefreshToken }.Concat(extensionGrants).ToList();
        if (options.Discovery.ShowResponseTypes)
            document["response_types_supported"] = new[] { "code" };
        if (options.Discovery.ShowResponseModes)
            document["response_modes_supported"] = new[] { "query", "form_post" };
        foreach (var (name, value) in options.Discovery.CustomEntries)
            document.TryAdd(name, value);
        return document;
    }

    private List<string> Scopes(Resources resources)
    {
        var scopes = new List<string>();
        if (options.Discovery.ShowIdentityScopes)
            scopes.AddRange(resources.IdentityResources.Where(resource => resource.ShowInDiscoveryDocument).Select(resource => resource.Name));
        if (options.Discovery.ShowApiScopes)
            scopes.AddRange(resources.ApiScopes.Where(scope => scope.ShowInDiscoveryDocument).Select(scope => scope.Name));
        scopes.Add(IdentityServerConstants.StandardScopes.OfflineAccess);
        return scopes;
    }

    private List<string> Prompts() => options.UserInteraction.CreateAccountUrl is null
        ? [Prompt.None, Prompt.Login, Prompt.Consent, Prompt.SelectAccount]
        : [Prompt.None, Prompt.Login, Prompt.Consent, Prompt.SelectAccount, Prompt.Create];
}
