namespace SecureShop.Identity.ApiKeys;

internal static class ApiKeyServices
{
    /// <summary>Keys for people's own programs, and their exchange for tokens.</summary>
    public static void AddApiKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiKeyHasher>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ApiKeyHasher>());
        builder.Services.AddScoped<ApiKeyManager>();
        builder.Services.AddScoped<ApiKeyExchange>();
    }
}
