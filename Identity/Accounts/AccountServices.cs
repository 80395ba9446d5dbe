using SecureShop.ServiceDefaults.Limits;
using SecureShop.ServiceDefaults.Redis;

namespace SecureShop.Identity.Accounts;

internal static class AccountServices
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
        builder.AddValidatedOptions<AttemptOptions, AttemptOptions.Validator>(AttemptOptions.Section);

        // Redis away is no reason to take Identity out of service: the throttle says what happens then.
        builder.AddShopRedis();
        services.AddSingleton<SharedAttemptCounter>();
        services.AddSingleton<LocalAttemptCounter>(provider => new(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AttemptThrottle>();
        services.AddScoped<Letters>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<DummyHash>();
        services.AddScoped<PendingSignIn>();
        services.AddScoped<SignIn>();
        services.AddScoped<Registration>();
        services.AddScoped<LetterRequests>();
        services.AddScoped<Confirmation>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<EmailChange>();
    }
}
