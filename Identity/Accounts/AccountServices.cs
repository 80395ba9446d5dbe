using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using SecureShop.Identity.Data;
using SecureShop.Identity.Mail;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Identity.Accounts;

internal static class AccountServices
{
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(8);

    /// <summary>Accounts, the session cookie, and what slows guessing.</summary>
    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        // Security events are left deep inside of a request.
        services.AddHttpContextAccessor();
        services.AddIdentityData().AddSignInManager().AddClaimsPrincipalFactory<ShopClaimsFactory>().AddTokenProvider<LetterTokens>(LetterTokens.Name);
        services.Configure<IdentityOptions>(options => options.Tokens.EmailConfirmationTokenProvider
            = options.Tokens.ChangeEmailTokenProvider = options.Tokens.PasswordResetTokenProvider = LetterTokens.Name);
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, Session);
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(5));
        builder.AddValidatedOptions<AttemptOptions, AttemptOptions.Validator>(AttemptOptions.Section);

        // Redis away is no reason to take Identity out of service: the throttle says what happens then.
        builder.AddShopRedis();
        services.AddSingleton<RedisAttemptCounter>();
        services.AddSingleton<LocalAttemptCounter>(provider => new(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AttemptThrottle>();
        services.AddSingleton<DummyHash>();
        services.AddScoped<SignIn>();
        services.AddScoped<Registration>();
        services.AddScoped<Confirmation>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<EmailChange>();
    }

    private static void Session(CookieAuthenticationOptions options)
    {
        // __Host-: no subdomain and no plain-http page can set or overwrite it (session fixation).
        options.Cookie.Name = "__Host-session";
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        // Lax: a client's redirect to /connect/authorize must bring it along, a cross-site post must not.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = SessionLifetime;
        options.SlidingExpiration = true;
        options.LoginPath = "/account/login";
        options.LogoutPath = "/account/logout";
        options.AccessDeniedPath = "/account/denied";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
    }
}
