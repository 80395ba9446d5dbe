using Microsoft.AspNetCore.Authentication.Cookies;

namespace SecureShop.Identity.Sessions;

internal static class SessionServices
{
    /// <summary>Sessions in Postgres, and the cookie that names one.</summary>
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddHttpContextAccessor();
        services.AddScoped<ShopSessions>();
        services.AddSingleton<ITidying, EndedSessions>();
        services.AddSingleton<SessionStore>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, Configure);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<SessionStore>((options, store) => options.SessionStore = store);
    }

    private static void Configure(CookieAuthenticationOptions options)
    {
        // Lax: a client's redirect to /connect/authorize must bring it along, a cross-site post must not.
        options.Cookie = HostCookie.Of("session", SameSiteMode.Lax);
        // The end at the latest; the row knows of the others.
        options.ExpireTimeSpan = SessionRow.Longest;
        options.SlidingExpiration = false;
        options.LoginPath = Paths.LoginPage;
        options.LogoutPath = Paths.LogoutPage;
        options.AccessDeniedPath = "/account/denied";
        options.ReturnUrlParameter = "returnUrl";
    }
}
