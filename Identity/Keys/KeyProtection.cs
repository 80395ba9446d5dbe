namespace SecureShop.Identity.Keys;

/// <summary>The key ring that seals what Identity keeps.</summary>
public static class KeyProtection
{
    /// <summary>Cookies, antiforgery tokens and signing keys are protected by one ring, shared by all replicas and sealed at rest.</summary>
    internal static void AddKeyProtection(this IHostApplicationBuilder builder)
    {
        // First of all: data protection's own start, which authentication has registered by now, makes keys without the lock.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, KeyWarmUp>());
        builder.Services.AddKeyRing(builder.Configuration);
    }

    /// <summary>The ring alone, for the Database job, which seals for Identity.</summary>
    public static void AddKeyRing(this IServiceCollection services, IConfiguration configuration)
    {
        var certificates = KeyCertificates.Read(configuration);
        services.AddDataProtection().SetApplicationName("SecureShop.Identity")
            .PersistKeysToDbContext<IdentityDbContext>()
            .ProtectKeysWithCertificate(certificates[0])
            .UnprotectKeysWithAnyCertificate([.. certificates]);
    }
}
