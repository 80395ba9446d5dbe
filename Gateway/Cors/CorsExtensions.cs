using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using SecureShop.Gateway.Doors;
using SecureShop.Gateway.Events;
using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Gateway.Cors;

/// <summary>Which pages may read our answers: exactly the origins in the configuration, without cookies.</summary>
internal static class CorsExtensions
{
    private const string Policy = "listed-origins";

    public static void AddCorsAllowList(this WebApplicationBuilder builder)
    {
        builder.AddValidatedOptions<CorsOriginOptions, CorsOriginOptions.Validator>(CorsOriginOptions.Section);

        // Compared whole: no wildcard, no pattern, nothing taken from the request.
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<CorsOriginOptions>, IOptions<ShopOptions>>((cors, listed, shop) =>
            cors.AddPolicy(Policy, policy => policy
                .WithOrigins([.. listed.Value.Origins.Append(shop.Value.Origin).Distinct(StringComparer.Ordinal)])
                .WithMethods("GET", "HEAD", "POST", "PUT", "DELETE")
                .WithHeaders("Authorization", "DPoP", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key")
                .WithExposedHeaders("ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate", "DPoP-Nonce")
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }

    /// <summary>
    /// Lets listed pages read whatever the shop's origin answers, refusals too, and leaves an event for each request of another page
    /// unless it is refused for something else. The framework's own middleware is silent towards other pages and where no page
    /// asks: then a cache could not tell such an answer from one with a permission.
    /// </summary>
    public static void UseCorsAllowList(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        var cors = app.Services.GetRequiredService<ICorsService>();
        var policy = app.Services.GetRequiredService<IOptions<CorsOptions>>().Value.GetPolicy(Policy)!;
        var ours = app.Services.GetRequiredService<IOptions<ShopOptions>>().Value.Origin;
        var tokens = new CorsPolicyBuilder(ours).WithMethods("POST").Build();
        app.Use((context, next) =>
        {
            // Not in the clear: a preflight that is granted there has the page send its token in the clear.
            if (!context.Request.IsHttps || origins.OfRequest(context.Request) is not { } origin)
                return next(context);

            var asking = context.Request.Headers.Origin;
            if (origin == Origin.Identity)
                return IsReference(context.Request) && asking == ours ? GrantAsync(context, next, cors, tokens) : next(context);
            if (asking.Count > 0 && policy.IsOriginAllowed(asking.ToString()))
                return GrantAsync(context, next, cors, policy);
            context.Response.OnStarting(AddVary, context.Response.Headers);
            return asking.Count == 0 ? next(context) : RefuseAsync(context, next);
        });
    }

    // The reference of the APIs, a page of the shop's own, takes its code to Identity. No other page may read a token, and no
    // page anything else there.
    private static bool IsReference(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path == "/connect/token";

    private static Task GrantAsync(HttpContext context, RequestDelegate next, ICorsService cors, CorsPolicy policy)
    {
        // At the last moment, so that it is in the answer whoever clears and writes that.
        context.Response.OnStarting(() =>
        {
            var permission = cors.EvaluatePolicy(context, policy);
            permission.VaryByOrigin = false;
            cors.ApplyResult(permission, context.Response);
            return AddVary(context.Response.Headers);
        });

        // To answer costs less than to refuse would. And no limit counts it: a preflight that is refused hides from the page even why.
        if (!IsPreflight(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (!RefusalEvent.IsRecorded(context))
            SecurityLog.Of(context, context.Response.StatusCode).OriginRefused();
    }

    private static Task AddVary(object state)
    {
        // A service may vary by something else, or by this as well.
        var headers = (IHeaderDictionary)state;
        if (!headers.GetCommaSeparatedValues(HeaderNames.Vary).Contains(HeaderNames.Origin, StringComparer.OrdinalIgnoreCase))
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        return Task.CompletedTask;
    }

    private static bool IsPreflight(HttpRequest request)
        => HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;
}
