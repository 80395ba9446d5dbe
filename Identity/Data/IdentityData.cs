namespace SecureShop.Identity.Data;

/// <summary>Accounts and their rules, shared by the service and by the Database job.</summary>
public static class IdentityData
{
    /// <summary>
    /// PBKDF2-HMAC-SHA512 rounds; OWASP asks for 220,000 (Password Storage Cheat Sheet). An older, cheaper hash is replaced when its owner signs in.
    /// </summary>
    public const int HashRounds = 220_000;

    /// <summary>Registers the managers of accounts and roles on an <see cref="IdentityDbContext"/> that the caller registers.</summary>
    public static IdentityBuilder AddIdentityData(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = HashRounds);

        // Before ASP.NET Core Identity adds its own: one rule for what is the same address and the same password, whoever asks.
        services.AddScoped<ILookupNormalizer, EmailNormalizer>();
        services.AddSingleton<IPasswordHasher<ShopUser>, NormalizingPasswordHasher>();
        services.AddScoped<ShopUserStore>();
        services.AddSingleton<AuthenticatorSeal>();
        return services
            .AddIdentityCore<ShopUser>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = "";
                // PasswordRules judge length and strength; classes of characters only make people write "Password1!".
                options.Password.RequiredLength = 1;
                options.Password.RequireDigit = false;
                options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = false;
                options.Password.RequireNonAlphanumeric = false;
                options.ClaimsIdentity.UserIdClaimType = ShopClaims.Subject;
                options.ClaimsIdentity.UserNameClaimType = ShopClaims.Name;
                options.ClaimsIdentity.RoleClaimType = ShopClaims.Role;
            })
            .AddRoles<ShopRole>()
            .AddEntityFrameworkStores<IdentityDbContext>()
            .AddUserStore<ShopUserStore>()
            .AddPasswordValidator<PasswordRules>();
    }
}
