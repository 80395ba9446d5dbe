using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using SecureShop.ServiceDefaults.Documents;

namespace SecureShop.ServiceDefaults;

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
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                AccessDescription.Apply(operation, context);
                return Task.CompletedTask;
            });
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
