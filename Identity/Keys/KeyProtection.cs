using Microsoft.AspNetCore.DataProtection;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Keys;

internal static class KeyProtection
{
    /// <summary>Cookies, antiforgery tokens and signing keys are protected by one ring, shared by all replicas and sealed at rest.</summary>
    public static void AddKeyProtection(this IHostApplicationBuilder builder)
    {
        var certificates = KeyCertificates.Read(builder.Configuration);

        // First of all: data protection's own start, which authentication has registered by now, makes keys without the lock.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, KeyWarmUp>());
        builder.Services.AddDataProtection().SetApplicationName("SecureShop.Identity")
            .PersistKeysToDbContext<IdentityDbContext>()
            .ProtectKeysWithCertificate(certificates[0])
            .UnprotectKeysWithAnyCertificate([.. certificates]);
    }
}
