using Microsoft.AspNetCore.Authentication.Cookies;

namespace SecureShop.Identity.Factors;

internal static class FactorServices
{
    /// <summary>Second factors: codes of an app, passkeys, recovery codes, and the sign-in that waits for one of them.</summary>
    public static void AddFactors(this IHostApplicationBuilder builder)
    {
        var issuer = builder.Configuration.GetValidatedOptions<IssuerOptions, IssuerOptions.Validator>(IssuerOptions.Section).Issuer;
        var services = builder.Services;
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.ServerDomain = new Uri(issuer).Host;

            // A passkey stands in for two factors, so the device must have checked its person, and tell us whose it is.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";

            // Phishing: of all the pages under our domain, ours alone, and in no frame.
            options.ValidateOrigin = context => ValueTask.FromResult(context.Origin == issuer && !context.CrossOrigin);
        });
        services.AddAuthentication().AddCookie(PendingSignIn.Scheme, Pending);
        services.AddScoped<IPasskeyHandler<ShopUser>, PasskeyHandler<ShopUser>>();
        services.AddScoped<PasskeyCeremonies>();
        services.AddScoped<OneTimeCodes>();
        services.AddScoped<FactorAttempts>();
        services.AddScoped<SecondFactors>();
        services.AddScoped<PendingSignIn>();
        services.AddSingleton<AuthenticatorSetup>();
        services.AddSingleton<ITidying, FactorUpkeep>();
    }

    private static void Pending(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "__Host-second-factor";
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = TimeSpan.FromMinutes(10);
        options.SlidingExpiration = false;
    }
}
