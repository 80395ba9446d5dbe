using System.Text.Json.Serialization;
using SecureShop.Gateway.Doors;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Tokens;

namespace SecureShop.Gateway.Routes;

/// <summary>What each API tells clients of itself (RFC 9728): whose tokens it takes, in which form, and for which scopes. Refusals point here.</summary>
internal static class ApiMetadata
{
    public static void MapApiMetadata(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        foreach (var api in RouteTable.All.Where(route => route.Audience is not null).GroupBy(route => route.Audience!, StringComparer.Ordinal))
        {
            var document = new Document(
                new Uri(origins.Shop, ProtectedApi.Path(api.Key)).AbsoluteUri,
                [origins.Identity.GetLeftPart(UriPartial.Authority)],
                [.. api.Select(route => route.Rule.Scope).OfType<string>().Distinct(StringComparer.Ordinal)],
                api.Key,
                new Uri(origins.Shop, "/docs").AbsoluteUri);
            app.MapGet(new ProtectedApi(api.Key).MetadataPath, (HttpContext context) =>
            {
                // The same for everybody, and for as long as the gateway runs.
                context.Response.Headers.CacheControl = "public, max-age=300";
                return TypedResults.Json(document);
            }).RequireHost(origins.HostOf(Origin.Shop)).RequireAccess(AccessRule.Anyone("Public facts about an API: where its tokens come from."));
        }
    }

    private sealed record Document(
        [property: JsonPropertyName("resource")] string Resource,
        [property: JsonPropertyName("authorization_servers")] string[] AuthorizationServers,
        [property: JsonPropertyName("scopes_supported")] string[] Scopes,
        [property: JsonPropertyName("resource_name")] string Name,
        [property: JsonPropertyName("resource_documentation")] string Documentation)
    {
        [JsonPropertyName("bearer_methods_supported")]
        public string[] BearerMethods { get; } = ["header"];

        [JsonPropertyName("dpop_signing_alg_values_supported")]
        public string[] DpopAlgorithms { get; } = ["ES256"];

        // Those of clients that cannot hold a key are taken, too.
        [JsonPropertyName("dpop_bound_access_tokens_required")]
        public bool DpopIsRequired => false;
    }
}
