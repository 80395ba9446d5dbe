using System.Text.Json.Nodes;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>What the discovery document says beside what OpenIddict knows that it does. What is not offered is not named.</summary>
internal static class DiscoveryEntries
{
    public static void AddTo(OpenIddictServerBuilder server) => server.AddEventHandler<HandleConfigurationRequestContext>(handler => handler
        .SetOrder(Discovery.AttachAdditionalMetadata.Descriptor.Order + 1_000).UseInlineHandler(Add));

    private static ValueTask Add(HandleConfigurationRequestContext context)
    {
        // Scopes of services are nothing that a client could ask for.
        context.Scopes.Remove(ServiceDefaults.Access.Scope.CatalogReserve);

        // Public clients have nothing to prove themselves by (RFC 8414, 2).
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.Metadata["acr_values_supported"] = new JsonArray([.. Acr.All.Select(acr => JsonValue.Create(acr))]);
        context.Metadata["dpop_signing_alg_values_supported"] = new JsonArray("ES256");
        foreach (var endpoint in (string[])["token", "introspection", "revocation"])
            context.Metadata[endpoint + "_endpoint_auth_signing_alg_values_supported"] = new JsonArray("ES256");
        context.Metadata["backchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_session_supported"] = true;
        return default;
    }
}
