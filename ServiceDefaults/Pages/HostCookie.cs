using Microsoft.AspNetCore.Http;

namespace SecureShop.ServiceDefaults.Pages;

/// <summary>The one kind of cookie that a service sets.</summary>
public static class HostCookie
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
    public static string? Read(this CookieBuilder cookie, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.Cookies[cookie.Name!];
    }

    /// <summary>Has the browser keep <paramref name="value"/>.</summary>
    public static void Write(this CookieBuilder cookie, HttpContext http, string value)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Cookies.Append(cookie.Name!, value, cookie.Build(http));
    }

    /// <summary>Has the browser forget it.</summary>
    public static void Remove(this CookieBuilder cookie, HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(cookie);
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Cookies.Delete(cookie.Name!, cookie.Build(http));
    }
}
