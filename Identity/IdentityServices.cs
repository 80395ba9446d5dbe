using Microsoft.AspNetCore.Authentication.Cookies;
using SecureShop.Identity.Administration;
using SecureShop.Identity.PersonalData;
using SecureShop.ServiceDefaults.Limits;
using SecureShop.ServiceDefaults.Redis;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Identity;

/// <summary>Registers what is particular to this service, by concern.</summary>
internal static class IdentityServices
{
    /// <summary>Accounts, and what slows guessing.</summary>
    public static void AddAccounts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;

        // Security events are left deep inside of a request.
        services.AddHttpContextAccessor();
        services.AddIdentityData().AddSignInManager().AddTokenProvider<LetterTokens>(LetterTokens.Name);
        services.Configure<IdentityOptions>(options => options.Tokens.EmailConfirmationTokenProvider
            = options.Tokens.ChangeEmailTokenProvider = options.Tokens.PasswordResetTokenProvider = LetterTokens.Name);
        services.AddScoped<Letters>().AddScoped<LetterRequests>();
        services.AddScoped<SignIn>().AddScoped<PendingSignIn>().AddSingleton<KnownDevices>().AddSingleton<DummyHash>();
        services.AddScoped<Registration>().AddScoped<Confirmation>().AddScoped<EmailChange>();
        services.AddScoped<PasswordReset>().AddScoped<PasswordChange>().AddSingleton<ITidying, UnconfirmedAccounts>();

        // Redis away is no reason to take Identity out of service: the throttle says what happens then.
        builder.AddShopRedis();
        builder.AddValidatedOptions<AttemptOptions, AttemptOptions.Validator>(AttemptOptions.Section);
        services.AddSingleton<AttemptThrottle>().AddSingleton<SharedAttemptCounter>();
        services.AddSingleton<LocalAttemptCounter>(provider => new(provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Sessions in Postgres, and the cookie that names one.</summary>
    public static void AddSessions(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<ShopSessions>().AddSingleton<SessionStore>().AddSingleton<ITidying, EndedSessions>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<SessionStore>((options, store) =>
        {
            options.SessionStore = store;

            // Lax: a client's redirect to /connect/authorize must bring it along, a cross-site post must not.
            options.Cookie = HostCookie.Of("session", SameSiteMode.Lax);

            // The end at the latest; the row knows of the others.
            options.ExpireTimeSpan = SessionRow.Longest;
            options.SlidingExpiration = false;
            options.LoginPath = Paths.LoginPage;
            options.LogoutPath = Paths.LogoutPage;
            options.AccessDeniedPath = "/account/denied";
            options.ReturnUrlParameter = "returnUrl";
        });
    }

    /// <summary>Second factors: codes of an app, passkeys, recovery codes.</summary>
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
        services.AddScoped<IPasskeyHandler<ShopUser>, PasskeyHandler<ShopUser>>().AddScoped<PasskeyCeremonies>();
        services.AddScoped<OneTimeCodes>().AddScoped<FactorAttempts>().AddScoped<SecondFactors>();
        services.AddSingleton<AuthenticatorSetup>().AddSingleton<ITidying, FactorUpkeep>();
    }

    /// <summary>Keys for people's own programs, and their exchange for tokens.</summary>
    public static void AddApiKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiKeyHasher>().AddHostedService(provider => provider.GetRequiredService<ApiKeyHasher>());
        builder.Services.AddScoped<ApiKeyManager>().AddScoped<ApiKeyExchange>();
    }

    /// <summary>What administrators do to the accounts of others.</summary>
    public static void AddAdministration(this IHostApplicationBuilder builder)
        => builder.Services.AddScoped<AccountAdministration>().AddScoped<AccountSearch>();

    /// <summary>What people may do with their own data: have it, and have it erased, here and in the other services.</summary>
    public static void AddPersonalData(this IHostApplicationBuilder builder)
        => builder.Services.AddScoped<PersonalExport>().AddScoped<Erasure>().AddPersonalRequests<IdentityDbContext>();
}
