using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Identity.Keys;

namespace SecureShop.Database.Seeding;

/// <summary>The people to try the shop as, where they have secrets: through Identity's own rules, as the role that owns its schema.</summary>
internal static class DemoUsersSeed
{
    private const string Mark = "demo-users:";

    /// <summary>
    /// Whether anything was done: nothing when the same secrets were seeded before. To verify each of them again
    /// would be the longest part of a warm start, and would undo what a user changed since.
    /// </summary>
    public static async Task<bool> RunAsync(
        NpgsqlConnection admin, string migrator, IReadOnlyDictionary<DemoUser, DemoSecrets> users, IConfiguration configuration, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (users.Count == 0)
            return false;

        await using var role = await TakenRole.TakeAsync(admin, migrator, cancellationToken);
        var hasher = new PasswordHasher<string>();
        var all = string.Join('\n', users.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key.Name}={pair.Value.Password} {pair.Value.AuthenticatorKey}"));
        var known = await SeedMark.FindAsync(admin, "identity", Mark, cancellationToken);
        if (known.Length > 0 && hasher.VerifyHashedPassword(Mark, known[Mark.Length..], all) != PasswordVerificationResult.Failed)
            return false;

        var services = IdentityAccess.Of(admin, configuration, clock);
        var seals = users.Values.Any(secrets => secrets.AuthenticatorKey is not null);
        if (seals)
            services.AddKeyRing(configuration);
        await using var provider = services.BuildServiceProvider();

        // The ring's first key is made here: the seed's transaction has the connection to itself.
        if (seals)
            _ = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector(nameof(DemoUsersSeed)).Protect([]);
        await IdentitySeed.SeedAsync(
            provider, users.ToDictionary(pair => pair.Key.Name, pair => pair.Value, StringComparer.Ordinal), cancellationToken);
        await SeedMark.ReplaceAsync(admin, "identity", Mark, Mark + hasher.HashPassword(Mark, all), cancellationToken);
        return true;
    }
}
