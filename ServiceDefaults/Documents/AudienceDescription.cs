using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SecureShop.ServiceDefaults.Documents;

/// <summary>
/// An endpoint that answers different callers with different types names them all. The framework keeps the last of one status: who reads
/// the document would take what only an owner sees for what everybody does.
/// </summary>
internal static class AudienceDescription
{
    public static async Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var answers = context.Description.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>()
            .Where(answer => answer.Type is not null && answer.ContentTypes.Contains("application/json", StringComparer.Ordinal))
            .GroupBy(answer => answer.StatusCode, answer => answer.Type!);
        foreach (var answer in answers.Where(answer => answer.Distinct().Skip(1).Any()))
        {
            var media = operation.Responses![answer.Key.ToString(CultureInfo.InvariantCulture)].Content!["application/json"];
            var each = new List<IOpenApiSchema>();
            foreach (var type in answer.Distinct())
                each.Add(await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken));
            media.Schema = new OpenApiSchema { AnyOf = each };
        }
    }
}
