using Microsoft.OpenApi;

namespace SecureShop.ServiceDefaults.Documents;

/// <summary>The parts of a document that operations refer to: how to get a token, and what a problem looks like.</summary>
internal static class SecurityDescription
{
    public const string Scheme = "oauth2";
    public const string Problem = "Problem";

    public static void Apply(OpenApiDocument document, string? issuer)
    {
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        components.SecuritySchemes[Scheme] = issuer is null ? Bearer() : CodeFlow(issuer);

        components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        components.Schemas[Problem] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457. The trace id is all that support needs.",
            Required = new HashSet<string>(["type", "title", "status", "traceId"], StringComparer.Ordinal),
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
                ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
            },
        };
    }

    private static OpenApiSecurityScheme Bearer() => new() { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "at+jwt" };

    private static OpenApiSecurityScheme CodeFlow(string issuer) => new()
    {
        Type = SecuritySchemeType.OAuth2,
        Description = "Authorization code with PKCE (S256).",
        Flows = new OpenApiOAuthFlows
        {
            AuthorizationCode = new OpenApiOAuthFlow
            {
                AuthorizationUrl = new Uri($"{issuer}/connect/authorize"),
                TokenUrl = new Uri($"{issuer}/connect/token"),
                Scopes = Scope.All.ToDictionary(scope => scope, scope => scope, StringComparer.Ordinal),
            },
        },
    };
}
