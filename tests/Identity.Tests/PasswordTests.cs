using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

public sealed class PasswordTests(PostgresFixture postgres, SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Theory]
    [Trait("Practice", "P06")]
    [InlineData("short")]
    [InlineData("elevenchars")]
    [InlineData("password1234")]
    [InlineData("P@ssw0rd2026!")]
    [InlineData("passwordpassword")]
    [InlineData("qwertyuiop123")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("abcdefghijkl")]
    [InlineData("987654321098")]
    [InlineData("305918273645")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("xyxyxyxyxyxy")]
    [InlineData("iloveyou2024!")]
    [InlineData("Liverpool1892!")]
    [InlineData("correcthorsebatterystaple")]
    [InlineData("SecureShop2026!!")]
    [InlineData("charlotte.bronte1")]
    [InlineData("Charlotte Bronte")]
    [InlineData("            ")]
    [InlineData("123qweasdzxc")]
    [InlineData("qazwsxedcrfv")]
    [InlineData("jesuschrist1")]
    public void Passwords_that_are_guessed_first_are_refused(string password)
        => Assert.NotNull(PasswordRules.Judge(password, "charlotte.bronte@people.example", "Charlotte Bronte"));

    [Theory]
    [Trait("Practice", "P06")]
    [InlineData("violet kettle marathon")]
    [InlineData("Tr0mbone-gravel-91")]
    [InlineData("x7Kd93jf02mQ")]
    [InlineData("žluťoučký kůň pěl")]
    [InlineData("pumpkin47 teaspoon gravel")]
    public void Others_are_accepted(string password)
        => Assert.Null(PasswordRules.Judge(password, "charlotte.bronte@people.example", "Charlotte Bronte"));

    [Fact]
    [Trait("Practice", "P06")]
    public void Generated_passwords_of_twenty_characters_are_accepted()
    {
        for (var i = 0; i < 500; i++)
        {
            var password = System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);
            Assert.Null(PasswordRules.Judge(password, "alice@secureshop.example", "Alice Archer"));
        }
    }

    [Theory]
    [Trait("Practice", "P06")]
    [InlineData("short")]
    [InlineData("Password2026!")]
    public async Task The_page_says_what_to_mend_and_makes_no_account(string password)
    {
        using var browser = host.Browse();
        var email = $"{Guid.NewGuid():N}@people.example";
        var answer = await browser.RegisterAsync(email, password);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("aria-invalid=\"true\"", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain($"value=\"{password}\"", answer.Body, StringComparison.Ordinal);
        await using var context = IdentityHost.Context(host.Database);
        Assert.False(await context.Users.AnyAsync(u => u.NormalizedEmail == IdentityHost.HashOf(email), TestContext.Current.CancellationToken));
    }

    [Theory]
    [Trait("Practice", "P06")]
    [InlineData("weak.txt", 240, true)]
    [InlineData("good.txt", 100, false)]
    public void Of_a_set_of_weak_passwords_none_is_accepted_and_of_a_set_of_good_ones_none_is_refused(string set, int atLeast, bool refused)
    {
        using var reader = new StreamReader(typeof(PasswordTests).Assembly.GetManifestResourceStream(set)!);
        var passwords = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(passwords.Length >= atLeast);
        Assert.All(passwords, password => Assert.True(password.Length >= PasswordRules.MinLength, password));
        var wrong = passwords.Where(password => (PasswordRules.Judge(password, "charlotte.bronte@people.example", "Charlotte Bronte") is not null) != refused);
        Assert.Empty(wrong);
    }

    [Fact]
    [Trait("Practice", "P06")]
    public void The_list_of_leaked_passwords_knows_what_no_estimate_would()
    {
        // Words of other languages, and names that were made up by one person and are used by many since.
        Assert.All((string[])["ghjcnjgfhjkm", "chickenwing101", "leavemealone"], password => Assert.True(BreachedPasswords.Contains(password), password));
        Assert.All((string[])["violet kettle marathon", "x7Kd93jf02mQ"], password => Assert.False(BreachedPasswords.Contains(password), password));
    }

    [Fact]
    [Trait("Practice", "P06")]
    [Trait("Practice", "P23")]
    public async Task Characters_are_what_people_see_and_what_is_hashed_is_bounded_all_the_same()
    {
        // One for people, eleven units of UTF-16 and 25 bytes each.
        string Families(int count) => string.Concat(Enumerable.Range(0, count).Select(index =>
            $"\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D{char.ConvertFromUtf32(0x1F476 - (index * 7 % 12))}"));
        Assert.Contains("at least 12", PasswordRules.Judge(Families(11), null, null), StringComparison.Ordinal);
        Assert.Null(PasswordRules.Judge(Families(12), null, null));
        Assert.Null(PasswordRules.Judge(Families(128), null, null));
        Assert.Contains("at most 128", PasswordRules.Judge(Families(129), null, null), StringComparison.Ordinal);

        // Twelve for people, and as long as one likes.
        var marks = string.Concat(Enumerable.Range(0, 12).Select(index => (char)('a' + index) + new string('\u0337', 180)));
        Assert.Contains("at most 128", PasswordRules.Judge(marks, null, null), StringComparison.Ordinal);

        using var browser = host.Browse();
        var email = $"{Guid.NewGuid():N}@people.example";
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync(email, marks)).Status);
        await browser.RegisterAndConfirmAsync(email, Families(128));
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email, marks)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, Families(128))).Status);
    }

    [Fact]
    [Trait("Practice", "P06")]
    public async Task Longer_than_the_bound_is_refused_at_both_doors()
    {
        using var browser = host.Browse();
        var longest = string.Concat(Enumerable.Range(0, 22).Select(i => $"{i * 7919 % 1000:000}xyz"))[..PasswordRules.MaxLength];
        var email = $"{Guid.NewGuid():N}@people.example";
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync(email, longest + "x")).Status);
        await browser.RegisterAndConfirmAsync(email, longest);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email, longest + "x")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, longest)).Status);
    }

    [Fact]
    [Trait("Practice", "P06")]
    public async Task Stored_as_PBKDF2_HMAC_SHA512_at_the_stated_cost_and_an_older_hash_is_renewed_at_sign_in()
    {
        await using var product = await IdentityHost.StartAsync(postgres, IdentityHost.ProductHashes);
        using var browser = product.Browse();
        var email = await browser.NewPersonAsync();
        Assert.Equal((2u, (uint)IdentityData.HashRounds), await FormatAsync(product, email));

        var old = new PasswordHasher<ShopUser>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }));
        await using (var context = IdentityHost.Context(product.Database))
        {
            var hash = old.HashPassword(new ShopUser(), Browser.Password);
            await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email))
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), TestContext.Current.CancellationToken);
        }

        Assert.Equal((2u, 10_000u), await FormatAsync(product, email));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        Assert.Equal((2u, (uint)IdentityData.HashRounds), await FormatAsync(product, email));
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
    }

    private static async Task<(uint Prf, uint Rounds)> FormatAsync(IdentityHost host, string email)
    {
        await using var context = IdentityHost.Context(host.Database);
        var hash = Convert.FromBase64String(
            (await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email)).Select(u => u.PasswordHash).SingleAsync(TestContext.Current.CancellationToken))!);
        Assert.Equal(1, hash[0]);
        return (BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
    }
}
