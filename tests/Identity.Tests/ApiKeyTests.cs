using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Identity.ApiKeys;
using SecureShop.Identity.Data;
using SecureShop.Identity.Events;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>API keys, made on the page and judged as the token endpoint does.</summary>
[Trait("Practice", "P05")]
public sealed partial class ApiKeyTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    private readonly Dictionary<Browser, string> emails = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_shown_once_and_good_for_what_it_was_made_for()
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        var key = await MakeAsync(browser, "Stock script", Scope.OrdersRead);

        var page = (await browser.GetAsync("/account/keys")).Body;
        Assert.DoesNotContain(key, page, StringComparison.Ordinal);
        Assert.Contains($"{key[..12]}…", page, StringComparison.Ordinal);
        Assert.Contains("Stock script", page, StringComparison.Ordinal);
        Assert.Contains("Never used", page, StringComparison.Ordinal);

        var grant = await FindAsync(key);
        Assert.Equal([Scope.OrdersRead], grant!.Scopes);
        Assert.Equal([Scope.OrdersRead], (await FindAsync(key, Scope.OrdersRead, Scope.OrdersWrite, Scope.CatalogWrite))!.Scopes);
        Assert.Contains("Last used", (await browser.GetAsync("/account/keys")).Body, StringComparison.Ordinal);

        // What it was not made for it does not get, though its owner could.
        Assert.Null(await FindAsync(key, Scope.OrdersWrite));
        Assert.Equal(IdentityRefusal.ApiKeyScope, LastRefusal());
    }

    [Theory]
    [InlineData(Scope.CatalogWrite)]
    [InlineData(Scope.OrdersAdmin)]
    [InlineData(Scope.OrdersRefund)]
    [InlineData(Scope.CatalogReserve)]
    [InlineData("openid")]
    [InlineData("no-such-scope")]
    [Trait("Practice", "P12")]
    public async Task A_key_may_never_do_more_than_its_owner(string scope)
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        Assert.DoesNotContain($"value=\"{scope}\"", (await browser.GetAsync("/account/keys")).Body, StringComparison.Ordinal);
        var answer = await browser.SubmitAsync("/account/keys", ("Name", "More"), ("Scope", Scope.OrdersRead), ("Scope", scope), ("Days", "90"));
        Assert.Contains("No key was made", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch(Key(), answer.Body);
        Assert.Contains("You have none.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task A_role_that_is_taken_away_shrinks_the_key_and_what_asks_for_two_factors_never_gets_into_one()
    {
        using var browser = host.Browse();
        var email = await SignedInAsync(browser);
        await RolesAsync(email, add: Role.Seller);
        var key = await MakeAsync(browser, "Both", Scope.CatalogRead, Scope.CatalogWrite);
        Assert.Equal([Scope.CatalogRead, Scope.CatalogWrite], (await FindAsync(key))!.Scopes.Order(StringComparer.Ordinal));

        await RolesAsync(email, remove: Role.Seller);
        Assert.Equal([Scope.CatalogRead], (await FindAsync(key))!.Scopes);
        Assert.Null(await FindAsync(key, Scope.CatalogWrite));

        // An administrator could grant it to an app after a second factor; a key is none.
        await RolesAsync(email, add: Role.Admin, remove: Role.Customer);
        Assert.Null(await FindAsync(key));
        Assert.Contains("nothing that a key may be for", (await browser.GetAsync("/account/keys")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoked_is_refused_at_once_and_those_who_watch_see_whose_it_was()
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        var (revoked, kept) = (await MakeAsync(browser, "One", Scope.OrdersRead), await MakeAsync(browser, "Two", Scope.OrdersRead));
        var grant = (await FindAsync(revoked))!;

        Assert.Equal(HttpStatusCode.Found, (await PostAsync(browser, "Revoke", ("id", $"{grant.KeyId}"))).Status);
        Assert.Null(await FindAsync(revoked));
        Assert.NotNull(await FindAsync(kept));
        var refusal = host.Events.All.Last(one => one.Id == 4064);
        Assert.Equal((IdentityRefusal.ApiKeyRevoked, grant.Owner.Id, $"{grant.KeyId}"), (refusal["Reason"], refusal["Subject"], refusal["Key"]));
        Assert.DoesNotContain(host.Events.All, one => one.Text.Contains(revoked, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task Nobody_replaces_or_revokes_the_key_of_somebody_else()
    {
        using var owner = host.Browse();
        await SignedInAsync(owner);
        var key = await MakeAsync(owner, "Mine", Scope.OrdersRead);
        var id = (await FindAsync(key))!.KeyId;

        using var other = host.Browse();
        await SignedInAsync(other);
        await PostAsync(other, "Revoke", ("id", $"{id}"));
        Assert.DoesNotMatch(Key(), (await PostAsync(other, "Rotate", ("id", $"{id}"), ("hours", "0"))).Body);
        Assert.NotNull(await FindAsync(key));
        Assert.DoesNotContain("Mine", (await other.GetAsync("/account/keys")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    public async Task The_old_key_stays_good_for_as_long_as_was_chosen(int hours)
    {
        var clock = new TestClock();
        await using var own = await IdentityHost.StartOnAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var browser = own.Browse();
        await SignedInAsync(browser);
        var old = await MakeAsync(browser, "Turned", Scope.OrdersRead);
        var id = (await FindAsync(old, own))!.KeyId;
        var answer = await PostAsync(browser, "Rotate", ("id", $"{id}"), ("hours", $"{hours}"));
        var key = Key().Match(answer.Body).Value;

        Assert.NotNull(await FindAsync(key, own));
        Assert.Equal(hours > 0, await FindAsync(old, own) is not null);
        clock.Advance(TimeSpan.FromMinutes((hours * 60) - 1) * Math.Sign(hours));
        Assert.Equal(hours > 0, await FindAsync(old, own) is not null);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await FindAsync(old, own));
        Assert.NotNull(await FindAsync(key, own));

        clock.Advance(TimeSpan.FromDays(88));
        Assert.NotNull(await FindAsync(key, own));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await FindAsync(key, own));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("25")]
    [InlineData("-1")]
    [InlineData("8760")]
    public async Task No_other_overlap_can_be_had(string hours)
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        var key = await MakeAsync(browser, "Turned", Scope.OrdersRead);
        Assert.DoesNotMatch(Key(), (await PostAsync(browser, "Rotate", ("id", $"{(await FindAsync(key))!.KeyId}"), ("hours", hours))).Body);
    }

    [Fact]
    public async Task Of_rotations_that_race_one_makes_a_key_and_none_once_it_is_revoked()
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        for (var round = 0; round < 4; round++)
        {
            var id = (await FindAsync(await MakeAsync(browser, $"Race {round}", Scope.OrdersRead)))!.KeyId;
            var form = await browser.OpenFormAsync("/account/keys");
            var answers = await Task.WhenAll(Enumerable.Range(0, 7).Select(turn
                => PostAsync(browser, form, turn == 3 ? "Revoke" : "Rotate", ("id", $"{id}"), ("hours", "1"))));

            var made = answers.Count(answer => Key().IsMatch(answer.Body));
            Assert.True(made <= 1, $"{made} keys of one");
            using var acting = DatabaseTask.Administration.Begin();
            await using var scope = host.Services.CreateAsyncScope();
            var row = await scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Set<ApiKeyRow>().SingleAsync(one => one.Id == id, Cancelled);
            Assert.Equal(made == 1, row.RotatedAt is not null);
            Assert.NotNull(row.RevokedAt);
        }
    }

    [Fact]
    public async Task There_are_twenty_at_most_even_when_requests_race()
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        var form = await browser.OpenFormAsync("/account/keys");
        var answers = await Task.WhenAll(Enumerable.Range(0, ApiKeyManager.MaxKeys + 6).Select(number
            => browser.SubmitAsync(form, ("Name", $"Key {number}"), ("Scope", Scope.OrdersRead), ("Days", "30"))));
        Assert.Equal(ApiKeyManager.MaxKeys, answers.Count(answer => Key().IsMatch(answer.Body)));
        Assert.Equal(6, answers.Count(answer => answer.Body.Contains("No key was made", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("366")]
    [InlineData("-1")]
    [InlineData("36500")]
    [InlineData("x")]
    public async Task No_key_is_good_for_longer_than_a_year_or_for_nothing(string days)
    {
        using var browser = host.Browse();
        await SignedInAsync(browser);
        var answer = await browser.SubmitAsync("/account/keys", ("Name", "Long"), ("Scope", Scope.OrdersRead), ("Days", days));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotMatch(Key(), answer.Body);
        Assert.Matches(Key(), (await browser.SubmitAsync("/account/keys", ("Name", "Long"), ("Scope", Scope.OrdersRead), ("Days", "365"))).Body);
    }

    [Fact]
    public async Task What_cannot_be_a_key_is_refused_without_a_look_and_what_is_nobodys_after_one()
    {
        var made = ApiKeyFormat.Make();
        Assert.Null(await FindAsync(made));
        Assert.Equal(IdentityRefusal.ApiKeyUnknown, LastRefusal());
        foreach (var text in (string[])
        [
            "", "sk_shop_", made[..^1], made + "0", made.ToUpperInvariant(), "sk_shop-" + made[8..], made[..^1] + (made[^1] == 'a' ? 'b' : 'a'),
            made[..8] + (made[8] == 'a' ? 'b' : 'a') + made[9..], new string('a', 46), made[..20] + "ä" + made[21..], new string('x', 1_000_000),
        ])
        {
            Assert.Null(await FindAsync(text));
            Assert.Equal(IdentityRefusal.ApiKeyShape, LastRefusal());
        }
    }

    // Computed with another implementation; it is the example of docs/accounts.md.
    [Theory]
    [InlineData("sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa1xpQ9K", true)]
    [InlineData("sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSa1xpQ9L", false)]
    [InlineData("sk_shop_Z3kQ0vJ8mT1xW5rB7nY2cL6dF9hG4pSb1xpQ9K", false)]
    public void The_checksum_is_the_one_that_the_document_names(string key, bool possible)
        => Assert.Equal(possible, ApiKeyFormat.IsPossible(key));

    [Fact]
    public async Task The_key_of_a_closed_account_is_dead()
    {
        using var browser = host.Browse();
        var email = await SignedInAsync(browser);
        var key = await MakeAsync(browser, "Closed", Scope.OrdersRead);
        await WithUserAsync(email, (users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        Assert.Null(await FindAsync(key));
        Assert.Equal(IdentityRefusal.ApiKeyOwner, LastRefusal());
        await WithUserAsync(email, (users, user) => users.SetLockoutEndDateAsync(user, null));
        Assert.NotNull(await FindAsync(key));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task A_dump_shows_no_key_and_not_what_keys_are_hashed_with()
    {
        await using var own = await IdentityHost.StartAsync(postgres);
        using var browser = own.Browse();
        await SignedInAsync(browser);
        var key = await MakeAsync(browser, "Dumped", Scope.OrdersRead);
        await FindAsync(key, own);

        await using var database = IdentityHost.Context(own.Database);
        var row = await database.Set<ApiKeyRow>().SingleAsync(Cancelled);
        var secret = await database.Set<ApiKeySecretRow>().SingleAsync(Cancelled);
        var tables = await database.Database.SqlQuery<string>(
            $"select table_name::text as \"Value\" from information_schema.tables where table_schema = 'identity'").ToListAsync(Cancelled);
        Assert.Contains("api_keys", tables);
        foreach (var table in tables)
        {
            // Bytes are dumped as digits.
            var dump = await Dumps.OfAsync(own.Database, table);
            Assert.DoesNotContain(key[12..], dump, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(key[12..])), dump, StringComparison.Ordinal);
        }

        // Neither a plain hash of it nor one keyed by what lies beside it.
        Assert.NotEqual(SHA256.HashData(Encoding.ASCII.GetBytes(key)), row.Hash);
        Assert.NotEqual(HMACSHA256.HashData(secret.Sealed, Encoding.ASCII.GetBytes(key)), row.Hash);
        Assert.Equal(32, row.Hash.Length);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task Keys_outlive_the_rotation_of_the_key_ring_and_follow_it()
    {
        var database = await IdentityHost.MigratedAsync(postgres);
        string key;
        byte[] before;
        await using (var first = await IdentityHost.StartOnAsync(database))
        {
            using var browser = first.Browse();
            await SignedInAsync(browser);
            key = await MakeAsync(browser, "Old", Scope.OrdersRead);
            before = await SealAsync(database);
            var ring = first.Services.GetRequiredService<IKeyManager>();
            var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
            ring.CreateNewKey(now, now.AddDays(180));
        }

        await using var second = await IdentityHost.StartOnAsync(database);
        Assert.NotNull(await FindAsync(key, second));
        await second.Services.GetRequiredService<ApiKeyHasher>().HashAsync(key, Cancelled);
        Assert.NotEqual(before, await SealAsync(database));

        // Its first seal is not needed any more.
        await using var third = await IdentityHost.StartOnAsync(database);
        Assert.NotNull(await FindAsync(key, third));
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task Keys_are_made_by_a_form_of_ours_in_a_fresh_session_alone()
    {
        var clock = new TestClock();
        await using var own = await IdentityHost.StartOnAsync(await IdentityHost.MigratedAsync(postgres), clock);
        using var guest = own.Browse();
        Assert.StartsWith("/account/login", (await guest.GetAsync("/account/keys")).Location!.PathAndQuery(), StringComparison.Ordinal);

        using var browser = own.Browse();
        await SignedInAsync(browser);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account/keys", ("Name", "x"), ("Scope", Scope.OrdersRead), ("Days", "30"))).Status);
        var form = await browser.OpenFormAsync("/account/keys");
        clock.Advance(TimeSpan.FromMinutes(11));
        var late = await browser.SubmitAsync(form, ("Name", "x"), ("Scope", Scope.OrdersRead), ("Days", "30"));
        Assert.StartsWith("/account/login", late.Location, StringComparison.Ordinal);
        await browser.LoginAsync(emails[browser], returnUrl: "/account/keys");
        Assert.Contains("You have none.", (await browser.GetAsync("/account/keys")).Body, StringComparison.Ordinal);
    }

    private async Task<string> SignedInAsync(Browser browser)
    {
        var email = await browser.NewPersonAsync();
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        return emails[browser] = email;
    }

    private static async Task<string> MakeAsync(Browser browser, string name, params string[] scopes)
    {
        var answer = await browser.SubmitAsync("/account/keys", [("Name", name), ("Days", "90"), .. scopes.Select(scope => ("Scope", (string?)scope))]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        var key = Key().Match(answer.Body).Value;
        Assert.True(ApiKeyFormat.IsPossible(key), answer.Body);
        return key;
    }

    private static async Task<Answer> PostAsync(Browser browser, string handler, params (string Name, string? Value)[] form)
        => await PostAsync(browser, await browser.OpenFormAsync("/account/keys"), handler, form);

    private static Task<Answer> PostAsync(Browser browser, OpenForm tab, string handler, params (string Name, string? Value)[] form)
        => browser.PostAsync($"{tab.Path}?handler={handler}", [.. form, (OpenForm.TokenField, tab.Token)]);

    private Task<ApiKeyGrant?> FindAsync(string key, params string[] wanted) => FindAsync(key, host, wanted);

    private static async Task<ApiKeyGrant?> FindAsync(string key, IdentityHost host, params string[] wanted)
    {
        using var acting = DatabaseTask.Tokens.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ApiKeyExchange>().FindAsync(key, wanted, Cancelled);
    }

    private string? LastRefusal() => host.Events.All.Last(one => one.Id == 4064)["Reason"];

    private Task RolesAsync(string email, string? add = null, string? remove = null) => WithUserAsync(email, async (users, user) =>
    {
        if (add is not null)
            await users.AddToRoleAsync(user, add);
        if (remove is not null)
            await users.RemoveFromRoleAsync(user, remove);
    });

    private async Task WithUserAsync(string email, Func<UserManager<ShopUser>, ShopUser, Task> act)
    {
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        await act(users, (await users.FindByEmailAsync(email))!);
    }

    private static async Task<byte[]> SealAsync(string database)
    {
        await using var context = IdentityHost.Context(database);
        return (await context.Set<ApiKeySecretRow>().SingleAsync(Cancelled)).Sealed;
    }

    [GeneratedRegex("sk_shop_[0-9A-Za-z]{38}", RegexOptions.None, 1000)]
    private static partial Regex Key();
}
