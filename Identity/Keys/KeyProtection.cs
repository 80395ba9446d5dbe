using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using KeyRingOptions = Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions;

namespace SecureShop.Identity.Keys;

internal static class KeyProtection
{
    /// <summary>Cookies, antiforgery tokens and signing keys are protected by one ring, shared by all replicas and sealed at rest.</summary>
    public static void AddKeyProtection(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new MasterKey(builder.Configuration[MasterKey.Setting]));

        // First of all: data protection's own start, which authentication has registered by now, makes keys without the lock.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, KeyWarmUp>());
        builder.Services.AddDataProtection().SetApplicationName("SecureShop.Identity");
        builder.Services.AddSingleton<PostgresKeyRing>();
        builder.Services.AddSingleton<IConfigureOptions<KeyRingOptions>, UsePostgresAndSeal>();
    }

    private sealed class UsePostgresAndSeal(PostgresKeyRing ring, MasterKey master) : IConfigureOptions<KeyRingOptions>
    {
        public void Configure(KeyRingOptions options)
        {
            options.XmlRepository = ring;
            options.XmlEncryptor = new SealedXmlEncryptor(master);
        }
    }
}
