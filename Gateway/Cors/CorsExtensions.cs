using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults;

namespace SecureShop.Gateway.Cors;

/// <summary>Which pages may read our answers: exactly the origins in the configuration, without cookies.</summary>
internal static class CorsExtensions
{
    public const string Policy = "listed-origins";

    public static void AddCorsAllowList(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<CorsOriginOptions, CorsOriginOptions.Validator>(CorsOriginOptions.Section);

        // Compared whole: no wildcard, no pattern, nothing taken from the request.
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<CorsOriginOptions>, IOptions<ShopOptions>>((cors, listed, shop) =>
            cors.AddPolicy(Policy, policy => policy
                .WithOrigins([.. listed.Value.Origins.Append(shop.Value.Origin).Distinct(StringComparer.Ordinal)])
                .WithMethods("GET", "HEAD", "POST", "PUT", "DELETE")
                .WithHeaders("Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key")
                .WithExposedHeaders("ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy")
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }

    /// <summary>CORS, and an event for each request of a page that is not on the list, unless it is refused for something else.</summary>
    public static void UseCorsAllowList(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Request.Headers.Origin.Count > 0 && IsRefused(context) && !SecurityLog.IsSettled(context))
                SecurityLog.Of(context, context.Response.StatusCode).OriginRefused();
        });
        app.UseCors();
    }

    // What the framework allows, it says in the answer; what it refuses, it passes over in silence.
    private static bool IsRefused(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<IEnableCorsAttribute>() is not null
            && context.Response.Headers.AccessControlAllowOrigin.Count == 0;
}
