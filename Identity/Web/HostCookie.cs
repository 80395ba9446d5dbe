namespace SecureShop.Identity.Web;

internal static class HostCookie
{
    /// <summary>What all cookies of ours have in common. __Host-: no subdomain and no plain-http page can set or overwrite one (session fixation).</summary>
    public static CookieBuilder Of(string name, SameSiteMode sameSite, TimeSpan? maxAge = null) => new()
    {
        Name = "__Host-" + name,
        Path = "/",
        HttpOnly = true,
        SecurePolicy = CookieSecurePolicy.Always,
        SameSite = sameSite,
        IsEssential = true,
        MaxAge = maxAge,
    };

    /// <summary>What the browser has brought under that name.</summary>
    public static string? Read(this CookieBuilder cookie, HttpContext http) => http.Request.Cookies[cookie.Name!];

    public static void Write(this CookieBuilder cookie, HttpContext http, string value) => http.Response.Cookies.Append(cookie.Name!, value, cookie.Build(http));

    public static void Remove(this CookieBuilder cookie, HttpContext http) => http.Response.Cookies.Delete(cookie.Name!, cookie.Build(http));
}
