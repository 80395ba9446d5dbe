using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.Data;
using SecureShop.Identity.Factors;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Database.Seeding;

/// <summary>The demo users. Safe to run twice, and by two jobs at once.</summary>
public static class IdentitySeed
{
    // One seeding at a time over all machines; the number only has to be ours.
    private const long SeedLock = 0x5EED_1DE7;

    /// <summary>
    /// Makes each demo user who has secrets in <paramref name="secrets"/> (by short name) and is missing, and sets a password or an
    /// authenticator app only where it is not the given one, so that sessions and stamps survive a repeated run.
    /// </summary>
    public static async Task SeedAsync(IServiceProvider services, IReadOnlyDictionary<string, DemoSecrets> secrets, CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.SignIn.Begin();
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        var store = scope.ServiceProvider.GetRequiredService<ShopUserStore>();
        var clock = scope.ServiceProvider.GetRequiredService<TimeProvider>();

        await database.UnderLockAsync(
            SeedLock,
            async () =>
            {
                foreach (var demo in DemoUsers.All)
                {
                    cancellationToken.ThrowIfCancellationRequested();

                    // Erased stays erased.
                    if (!secrets.TryGetValue(demo.Name, out var secret) || await users.FindByIdAsync(demo.Id) is { NormalizedEmail: null })
                        continue;
                    var user = await EnsureAsync(users, demo, secret.Password, clock);
                    if (secret.AuthenticatorKey is { } key && await users.GetAuthenticatorKeyAsync(user) != key)
                    {
                        await store.SetAuthenticatorKeyAsync(user, key, cancellationToken);
                        user.TwoFactorEnabled = true;
                        Check(demo, await users.UpdateAsync(user));
                    }
                }
            },
            cancellationToken);
    }

    private static async Task<ShopUser> EnsureAsync(UserManager<ShopUser> users, DemoUser demo, string password, TimeProvider clock)
    {
        var user = await users.FindByIdAsync(demo.Id);
        if (user is null)
        {
            user = new ShopUser
            {
                Id = Guid.Parse(demo.Id),
                UserName = demo.Email,
                Email = demo.Email,
                EmailConfirmed = true,
                DisplayName = demo.DisplayName,
                CreatedAt = clock.GetStoredNow(),
            };
            Check(demo, await users.CreateAsync(user, password));
        }
        else if (!await users.CheckPasswordAsync(user, password))
        {
            if (await users.HasPasswordAsync(user))
                Check(demo, await users.RemovePasswordAsync(user));
            Check(demo, await users.AddPasswordAsync(user, password));
        }

        if (!await users.IsInRoleAsync(user, demo.Role))
            Check(demo, await users.AddToRoleAsync(user, demo.Role));
        return user;
    }

    private static void Check(DemoUser demo, IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The demo user '{demo.Name}' was refused: {string.Join(' ', result.Errors.Select(e => e.Description))}");
    }
}
