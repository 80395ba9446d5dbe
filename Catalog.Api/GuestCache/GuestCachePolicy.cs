using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace SecureShop.Catalog.GuestCache;

/// <summary>
/// What of the answers is kept and shown again: to guests alone, what depends on published products alone, and while their changes are heard
/// (<see cref="ProductChanges"/>). It decides before the endpoint reads anything and after the caller was let in; everything else passes it by.
/// </summary>
internal sealed class GuestCachePolicy(ProductChanges changes) : IOutputCachePolicy
{
    // How long what is not asked for any more takes up room; what has changed is not found from that moment on.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage
            = IsGuest(http) && HttpMethods.IsGet(http.Request.Method) && !http.Request.Query.ContainsKey("inStock") && changes.IsCurrent;

        // Whoever reads an answer slowly would have all wait who want the same.
        context.AllowLocking = false;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.CacheVaryByRules.QueryKeys = "*";

        // Anything may be in Host, and no answer depends on it.
        context.CacheVaryByRules.VaryByHost = false;
        context.CacheVaryByRules.CacheKeyPrefix = changes.CountOf(Guid.TryParse(http.GetRouteValue("id") as string, out var product) ? product : null);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || !StringValues.IsNullOrEmpty(response.Headers.SetCookie))
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>Nothing that could be a credential came with it, good or not.</summary>
    private static bool IsGuest(HttpContext http)
        => http.User.Identity is not { IsAuthenticated: true }
            && StringValues.IsNullOrEmpty(http.Request.Headers.Authorization) && StringValues.IsNullOrEmpty(http.Request.Headers.Cookie);
}
