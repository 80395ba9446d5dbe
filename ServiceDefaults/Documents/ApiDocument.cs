using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.ServiceDefaults.Documents;

/// <summary>Registers the OpenAPI document.</summary>
public static class ApiDocumentExtensions
{
    /// <summary>
    /// Describes the service at <c>/openapi/v1.json</c>, inside only. Security and problem responses come from each
    /// endpoint's <see cref="AccessRule"/>.
    /// </summary>
    public static IHostApplicationBuilder AddApiDocument(this IHostApplicationBuilder builder, string title, string description)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var issuer = builder.Configuration["Identity:Issuer"];
        builder.Services.AddOpenApi("v1", options =>
        {
            // HEAD is understood: it works wherever GET does.
            options.ShouldInclude = description => !HttpMethods.IsHead(description.HttpMethod ?? "");

            // Amounts and text have converters, in which the framework cannot see what they write.
            options.AddSchemaTransformer((schema, context, _) =>
            {
                var type = context.JsonTypeInfo.Type;
                if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(decimal))
                    (schema.Type, schema.Format) = (type == typeof(decimal) ? JsonSchemaType.Number : JsonSchemaType.Number | JsonSchemaType.Null, "double");
                if (context.JsonTypeInfo.ElementType == typeof(string) && schema.Type?.HasFlag(JsonSchemaType.Array) == true)
                    schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
                if (type == typeof(string))
                    schema.Type = context.JsonPropertyInfo is { IsGetNullable: true } or { IsSetNullable: true } ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
                SchemaBounds.Apply(schema, context.JsonPropertyInfo);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                AccessDescription.Apply(operation, context);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(AudienceDescription.ApplyAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = title, Description = description, Version = "v1" };
                document.Servers = [];
                SecurityDescription.Apply(document, issuer);
                return Task.CompletedTask;
            });
        });
        return builder;
    }
}

/// <summary>Writes what an endpoint's rule asks for, and how it refuses, into its operation.</summary>
internal static class AccessDescription
{
    public static void Apply(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var rule = context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().SingleOrDefault();
        if (rule is null)
            return;

        if (rule is { Kind: AccessKind.Token, Scope: { } scope })
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityDescription.Scheme, context.Document)] = [scope] }];

            if (ShopScopes.OfApiKeys.Contains(scope, StringComparer.Ordinal))
                operation.Security.Add(new() { [new OpenApiSecuritySchemeReference(SecurityDescription.KeyScheme, context.Document)] = [] });

            // An empty requirement beside another means that the token may be left out.
            if (rule.Guests)
                operation.Security.Add([]);
        }

        if (rule.ProofHeader is { } header)
            operation.Security = [new OpenApiSecurityRequirement { [SecurityDescription.Proof(header, context.Document!)] = [] }];

        operation.Description = string.Join(' ', new[] { operation.Description, InWords(rule) }.Where(part => !string.IsNullOrEmpty(part)));
        operation.Responses ??= [];
        foreach (var status in Refusals(rule, operation, context.Description.HttpMethod ?? HttpMethods.Get))
            Describe(operation.Responses, status);
        foreach (var (status, response) in operation.Responses)
        {
            // The framework's problem has no trace id, and ours has.
            if (response.Content?.TryGetValue(SecurityDescription.ProblemMedia, out var problem) == true)
                problem.Schema = new OpenApiSchemaReference(SecurityDescription.Problem, context.Document);
            SecurityDescription.AddHeaders((OpenApiResponse)response, status);
        }
    }

    private static string InWords(AccessRule rule)
    {
        var roles = rule.Roles.IsEmpty ? null : $"Roles: {string.Join(", ", rule.Roles)}.";
        var owner = rule.Ownership is null ? null : $"Ownership: {rule.Ownership.InWords()}.";
        var stepUp = rule.StepUp is null ? null : string.Create(CultureInfo.InvariantCulture, $"Signed in as {rule.StepUp.Acr} within {rule.StepUp.MaxAge.TotalSeconds} seconds (RFC 9470).");
        return string.Join(' ', new[] { roles, owner, stepUp }.OfType<string>());
    }

    private static IEnumerable<int> Refusals(AccessRule rule, OpenApiOperation operation, string method)
    {
        yield return StatusCodes.Status400BadRequest;
        if (rule.Kind == AccessKind.Token)
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true)
            yield return StatusCodes.Status404NotFound;
        if (!HttpMethods.IsGet(method))
            yield return StatusCodes.Status409Conflict;
        if (operation.RequestBody is not null)
        {
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }

        yield return StatusCodes.Status429TooManyRequests;
    }

    private static void Describe(OpenApiResponses responses, int status)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        responses[key] = new OpenApiResponse
        {
            Description = responses.TryGetValue(key, out var known) && !string.IsNullOrEmpty(known.Description) ? known.Description : ReasonPhrases.GetReasonPhrase(status),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [SecurityDescription.ProblemMedia] = new() },
        };
    }
}

/// <summary>The parts of a document that operations refer to: how to get a token, and what a problem looks like.</summary>
internal static class SecurityDescription
{
    public const string Scheme = "oauth2";
    public const string KeyScheme = "apiKey";
    public const string Problem = "Problem";
    public const string ProblemMedia = "application/problem+json";

    public static void Apply(OpenApiDocument document, string? issuer)
    {
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        components.SecuritySchemes[Scheme] = issuer is null ? Bearer() : CodeFlow(issuer);
        components.SecuritySchemes[KeyScheme] = ApiKey();

        components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        var problem = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457. The trace id is all that support needs.",
            Required = new HashSet<string>(["type", "title", "status", "traceId"], StringComparer.Ordinal),
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "400", Maximum = "599" },
                ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
                ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["reason"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Of a conflict that a program can tell apart." },
                ["productId"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid", Description = "The product that it is about, where it is one." },
            },
        };
        SchemaBounds.Apply(problem);
        components.Schemas[Problem] = problem;
        components.Schemas.Remove(nameof(ProblemDetails));
        components.Schemas.Remove(nameof(HttpValidationProblemDetails));
    }

    /// <summary>What the gateway says in every answer: of the caller's limits, and which page may read it.</summary>
    public static void AddHeaders(OpenApiResponse response, string status)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        response.Headers["RateLimit"] = Header("What is left of each limit that applies (draft-ietf-httpapi-ratelimit-headers-11).");
        response.Headers["RateLimit-Policy"] = Header("The limits that apply.");
        response.Headers["Access-Control-Allow-Origin"] = Header("The origin of the page that asks, where it is on the gateway's list; else left out.");
        if (status is "429" or "503")
            response.Headers["Retry-After"] = Header("Seconds to wait.");
    }

    private static OpenApiHeader Header(string words)
        => new() { Description = words, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = RequestLimits.HeaderSize } };

    private static OpenApiSecurityScheme Bearer() => new() { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "at+jwt" };

    private static OpenApiSecurityScheme ApiKey() => new()
    {
        Type = SecuritySchemeType.ApiKey,
        In = ParameterLocation.Header,
        Name = "X-Api-Key",
        Description = "A key that a person has made for a program of theirs. Not beside a token, and not from a page.",
    };

    /// <summary>A scheme of the one endpoint whose callers prove themselves by a signature.</summary>
    public static OpenApiSecuritySchemeReference Proof(string header, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[header] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = header,
            Description = "A signature of the message by a secret that both sides know.",
        };
        return new(header, document);
    }

    private static OpenApiSecurityScheme CodeFlow(string issuer) => new()
    {
        Type = SecuritySchemeType.OAuth2,
        Description = "Authorization code with PKCE (S256). The tokens are JWTs, made and checked after RFC8725 and RFC9068, for five minutes.",
        Flows = new OpenApiOAuthFlows
        {
            AuthorizationCode = new OpenApiOAuthFlow
            {
                AuthorizationUrl = new Uri($"{issuer}/connect/authorize"),
                TokenUrl = new Uri($"{issuer}/connect/token"),
                RefreshUrl = new Uri($"{issuer}/connect/token"),
                Scopes = Access.Scope.All.ToDictionary(scope => scope, scope => scope, StringComparer.Ordinal),
            },
        },
    };
}
