using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace SecureShop.ServiceDefaults.Problems;

/// <summary>
/// Finds which header, query or route value the framework could not bind. It says so in its message only; the message
/// itself names types and values and is not passed on.
/// </summary>
internal static class UnboundParameter
{
    /// <summary>The name as the caller writes it, or null when the request is bad in another way.</summary>
    public static string? Find(HttpContext context, BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
            return null;

        // The exception handler has taken the endpoint off the context by now.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        var parameter = endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .FirstOrDefault(parameter => exception.Message.Contains($" {parameter.Name}\" ", StringComparison.Ordinal));
        return parameter is null ? null : NameOnTheWire(parameter);
    }

    private static string NameOnTheWire(IParameterBindingMetadata parameter)
    {
        var sources = parameter.ParameterInfo.GetCustomAttributes(inherit: false);
        return sources.OfType<IFromHeaderMetadata>().FirstOrDefault()?.Name
            ?? sources.OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? sources.OfType<IFromRouteMetadata>().FirstOrDefault()?.Name
            ?? parameter.Name;
    }
}
