using Microsoft.AspNetCore.Authentication;
using SecureShop.Gateway.Doors;

namespace SecureShop.Gateway.Routes;

/// <summary>Checks the token against the audience of the API that is asked for, which is the name of a scheme.</summary>
internal static class RouteAuthentication
{
    private static readonly (PathString Prefix, string Audience)[] Apis =
        [.. RouteTable.All.Where(route => route is { Audience: not null, Prefix: not null }).Select(route => (new PathString(route.Prefix), route.Audience!)).Distinct()];

    /// <summary>
    /// Authenticates requests to what takes a token; on others nothing is read from the Authorization header. By the beginning of the
    /// path, because no route is known yet. What comes in the clear has no caller: whoever overheard a token would have it, too.
    /// </summary>
    public static void UseRouteAuthentication(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<PublicOrigins>();

        // The host would add the framework's own middleware, which has nothing to do where no scheme is the default, at each request.
        ((IApplicationBuilder)app).Properties["__AuthenticationMiddlewareSet"] = true;
        app.Use((context, next) => context.Request.Headers.Authorization.Count > 0 && AudienceOf(context.Request, origins) is { } audience
            ? AuthenticateAsync(context, next, audience)
            : next(context));
    }

    private static async Task AuthenticateAsync(HttpContext context, RequestDelegate next, string audience)
    {
        // With the proof of its key, where the token is bound to one: a thief with a copied token must not spend its owner's limits.
        var result = await context.AuthenticateAsync(audience);
        if (result.Succeeded)
            context.User = result.Principal;
        await next(context);
    }

    /// <summary>The API that a request is for; null where it is for none, or comes in the clear.</summary>
    public static string? AudienceOf(HttpRequest request, PublicOrigins origins) => request.IsHttps && origins.OfRequest(request) == Origin.Shop
        ? Array.Find(Apis, api => request.Path.StartsWithSegments(api.Prefix, StringComparison.OrdinalIgnoreCase)).Audience
        : null;
}
