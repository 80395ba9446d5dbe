using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Database.Seeding;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

public sealed class SeedTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Fact]
    public async Task Seeding_twice_at_once_makes_each_demo_user_once_and_keeps_a_password_that_still_verifies()
    {
        var cancel = TestContext.Current.CancellationToken;
        var passwords = DemoUsers.All.ToDictionary(u => u.Name, u => new DemoSecrets($"{u.Id[^8..]} unrelated lantern"), StringComparer.Ordinal);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => IdentitySeed.SeedAsync(host.Services, passwords, cancel)));
        await using var context = IdentityHost.Context(host.Database);
        var first = await SeededAsync(context);
        Assert.Equal(
            DemoUsers.All.Select(u => (Guid.Parse(u.Id), u.Email, u.DisplayName, u.Role)).OrderBy(u => u.Email),
            first.Select(u => (u.User.Id, u.User.Email!, u.User.DisplayName, u.Role!)).OrderBy(u => u.Item2));

        passwords["bob"] = new("an altogether different lantern");
        await IdentitySeed.SeedAsync(host.Services, passwords, cancel);
        var second = await SeededAsync(context);
        foreach (var (user, _) in second)
        {
            var before = first.Single(f => f.User.Id == user.Id).User;
            Assert.Equal(user.Email == DemoUsers.Bob.Email, before.PasswordHash != user.PasswordHash);
            Assert.Equal(user.Email == DemoUsers.Bob.Email, before.SecurityStamp != user.SecurityStamp);
        }

        using var browser = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(DemoUsers.Bob.Email, passwords["bob"].Password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(DemoUsers.Adam.Email, passwords["adam"].Password)).Status);
    }

    private static Task<List<(ShopUser User, string? Role)>> SeededAsync(IdentityDbContext context)
        => context.Users.AsNoTracking().Where(u => DemoUsers.All.Select(demo => Guid.Parse(demo.Id)).Contains(u.Id))
            .Join(context.UserRoles, u => u.Id, r => r.UserId, (u, r) => new { User = u, r.RoleId })
            .Join(context.Roles, u => u.RoleId, r => r.Id, (u, r) => ValueTuple.Create(u.User, r.Name))
            .ToListAsync(TestContext.Current.CancellationToken);
}
