using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecureShop.ServiceDefaults.Revocations;

/// <summary>Registers who tells what has ended, and who heeds it. Both need <c>AddShopRedis</c>.</summary>
public static class RevocationExtensions
{
    /// <summary>Adds <see cref="RevocationFeed"/>, for who ends sessions and grants whose access tokens live for <paramref name="tokenLifetime"/>.</summary>
    public static void AddRevocationFeed(this IHostApplicationBuilder builder, TimeSpan tokenLifetime)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<RevocationFeed>(services, tokenLifetime))
            .AddHostedService(services => services.GetRequiredService<RevocationFeed>());
    }

    /// <summary>Has the checks of <c>AddTokenChecks</c> refuse what has ended; and, while nobody can say, with 503 what would change something.</summary>
    public static void AddRevocations(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<KnownRevocations>().AddHostedService<RevocationFollower>();
    }
}
