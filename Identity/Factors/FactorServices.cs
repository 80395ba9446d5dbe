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
        services.AddScoped<IPasskeyHandler<ShopUser>, PasskeyHandler<ShopUser>>();
        services.AddScoped<PasskeyCeremonies>();
        services.AddScoped<OneTimeCodes>();
        services.AddScoped<FactorAttempts>();
        services.AddScoped<SecondFactors>();
        services.AddSingleton<AuthenticatorSetup>();
        services.AddSingleton<ITidying, FactorUpkeep>();
    }
}
