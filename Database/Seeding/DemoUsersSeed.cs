using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults;

namespace SecureShop.Database.Seeding;

/// <summary>The people to try the shop as, where they have passwords: through Identity's own rules, as the role that owns its schema.</summary>
internal static class DemoUsersSeed
{
    public static async Task RunAsync(
        NpgsqlConnection admin, string migrator, IReadOnlyDictionary<DemoUser, string> passwords, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (passwords.Count == 0)
            return;

        await using var role = await TakenRole.TakeAsync(admin, migrator, cancellationToken);
        var services = new ServiceCollection().AddLogging().AddSingleton(clock);
        services.AddDbContext<IdentityDbContext>(options => options.UseNpgsql(admin, npgsql => npgsql.UseIdentityHistory()));
        services.AddIdentityData();
        await using var provider = services.BuildServiceProvider();
        await IdentitySeed.SeedAsync(
            provider, passwords.ToDictionary(pair => pair.Key.Name, pair => pair.Value, StringComparer.Ordinal), cancellationToken);
    }
}
