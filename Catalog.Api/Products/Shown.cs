using Microsoft.Net.Http.Headers;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Catalog.Products;

/// <summary>How an answer that depends on who asks says so.</summary>
internal static class Shown
{
    /// <summary>Says which version the answer is of, and whether the caller has it. A shared cache must not hand the owner's to a guest.</summary>
    public static bool IsCached(HttpContext http, EntityTagHeaderValue tag, bool own)
    {
        http.Response.Headers.ETag = tag.ToString();
        http.Response.Headers.Vary = "Authorization";
        http.Response.Headers.CacheControl = own ? "private, no-cache" : "no-cache";
        return Preconditions.IsCached(http.Request, tag);
    }
}
