using SecureShop.Gateway.Routes;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Gateway.Doors;

/// <summary>
/// Moves requests to the identity origin under a path of their own, so that the two origins are two trees for the
/// router: neither can be matched, or be listed as allowed, from the other.
/// </summary>
internal static class IdentityTree
{
    /// <summary>Holds a character that no request's path may hold, so that it cannot be asked for.</summary>
    public const string Root = "/@identity";

    private static readonly PathString[] Inside = ["/health", "/openapi", "/personal-parts"];

    public static void UseIdentityTree(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<PublicOrigins>();
        app.Use((context, next) =>
        {
            var path = context.Request.Path;
            if (origins.OfRequest(context.Request) != Origin.Identity)
                return next(context);

            // The identity server's own health and documents are not for the world, nor what services answer there.
            if (Inside.Any(inside => path.StartsWithSegments(inside, StringComparison.OrdinalIgnoreCase)))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                SecurityLog.Of(context).AccessRefused(RefusalReason.NotInternal);
                return Task.CompletedTask;
            }

            context.Request.Path = new PathString(Root).Add(path);
            return next(context);
        });
    }
}
