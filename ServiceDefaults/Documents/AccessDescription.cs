using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace SecureShop.ServiceDefaults.Documents;

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

            // An empty requirement beside another means that the token may be left out.
            if (rule.Guests)
                operation.Security.Add([]);
        }

        operation.Description = string.Join(' ', new[] { operation.Description, InWords(rule) }.Where(part => !string.IsNullOrEmpty(part)));
        operation.Responses ??= [];
        foreach (var status in Refusals(rule, operation, context.Description.HttpMethod ?? HttpMethods.Get))
            Describe(operation.Responses, status, context.Document);
    }

    private static string InWords(AccessRule rule)
    {
        var roles = rule.Roles.IsEmpty ? null : $"Roles: {string.Join(", ", rule.Roles)}.";
        var owner = rule.OwnedBy is null ? null : $"Ownership: {rule.OwnedBy}.";
        return string.Join(' ', new[] { roles, owner }.OfType<string>());
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

    private static void Describe(OpenApiResponses responses, int status, OpenApiDocument? document)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        var problem = new OpenApiMediaType { Schema = new OpenApiSchemaReference(SecurityDescription.Problem, document) };
        responses[key] = new OpenApiResponse
        {
            Description = responses.TryGetValue(key, out var known) && !string.IsNullOrEmpty(known.Description) ? known.Description : ReasonPhrases.GetReasonPhrase(status),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = problem },
        };
    }
}
