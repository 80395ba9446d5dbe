using System.Net;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Identity.Accounts;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>What people type on different keyboards: one address is one account, one password is one password.</summary>
public sealed class UnicodeTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Theory]
    [Trait("Practice", "P09")]
    [InlineData("jos\u00e9-{0}@people.example", "jose\u0301-{0}@people.example")]
    [InlineData("JOSE\u0301-{0}@people.example", "jos\u00e9-{0}@PEOPLE.example")]
    [InlineData("mia-{0}@people.example", "\uff4d\uff49\uff41-{0}\uff20people\uff0eexample")]
    [InlineData("\ufb01ona-{0}@people.example", "fiona-{0}@people.example")]
    [InlineData("\u212aim-{0}@people.example", "kim-{0}@people.example")]
    [InlineData("\u03a3\u0391\u03a3-{0}@people.example", "\u03c3\u03b1\u03c2-{0}@people.example")]
    [InlineData("stra\u00dfe-{0}@people.example", "STRA\u1e9eE-{0}@people.example")]
    [InlineData("\ud55c\uae00-{0}@people.example", "\u1112\u1161\u11ab\u1100\u1173\u11af-{0}@people.example")]
    [InlineData("\ud842\udfb7\u91ce-{0}@people.example", "\ud842\udfb7\u91ce-{0}@people.example")]
    [InlineData("max-{0}@b\u00fccher.example", "max-{0}@xn--bcher-kva.example")]
    [InlineData("max-{0}@b\u00fccher.example", "MAX-{0}@BU\u0308CHER.example")]
    [InlineData("max-{0}@people\u3002example", "max-{0}@people.example")]
    public async Task Two_spellings_of_one_address_are_one_account(string spelling, string other)
    {
        var unique = Guid.NewGuid().ToString("N");
        (spelling, other) = (string.Format(spelling, unique), string.Format(other, unique));
        using var browser = host.Browse();
        await browser.RegisterAndConfirmAsync(spelling, name: "First");
        Assert.Equal(HttpStatusCode.Found, (await browser.RegisterAsync(other, "another fine passphrase", "Second")).Status);

        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(other)).Status);
        Assert.Contains("Hello, First", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(spelling)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(other, "another fine passphrase")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(spelling, "another fine passphrase")).Status);
    }

    [Theory]
    [Trait("Practice", "P09")]
    [InlineData("nil-{0}@people.example", "n\u0131l-{0}@people.example")]
    [InlineData("anna-{0}@people.example", "\u0430nna-{0}@people.example")]
    [InlineData("jose-{0}@people.example", "jos\u00e9-{0}@people.example")]
    public async Task Addresses_that_only_look_alike_are_two_accounts(string one, string other)
    {
        var unique = Guid.NewGuid().ToString("N");
        using var browser = host.Browse();
        await browser.RegisterAndConfirmAsync(string.Format(one, unique), name: "First");
        await browser.RegisterAndConfirmAsync(string.Format(other, unique), "another fine passphrase", "Second");
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(string.Format(other, unique), "another fine passphrase")).Status);
        Assert.Contains("Hello, Second", (await browser.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(string.Format(other, unique))).Status);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("an\u200cna@people.example")]
    [InlineData("an\u00adna@people.example")]
    [InlineData("an na@people.example")]
    [InlineData("an\u3000na@people.example")]
    [InlineData("anna\uff20people.example@people.example")]
    [InlineData("an\udb40\udc61na@people.example")]
    [InlineData("an\u034fna@people.example")]
    [InlineData("an\ufe0fna@people.example")]
    [InlineData("an\u17b4na@people.example")]
    [InlineData("an\u180bna@people.example")]
    [InlineData("an\udb40\udd00na@people.example")]
    [InlineData("an\ufffena@people.example")]
    [InlineData("anna@\u3164.example")]
    public async Task An_address_with_what_nobody_sees_is_none(string email)
    {
        using var browser = host.Browse();
        var answer = await browser.RegisterAsync(email);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("That is no e-mail address.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task An_address_that_grows_by_being_normalised_is_refused_and_never_a_failure()
    {
        // U+FDFA is eighteen letters.
        using var browser = host.Browse();
        var email = new string('\ufdfa', 60) + $"{Guid.NewGuid():N}"[..4] + "@people.example";
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync(email)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task A_character_that_is_none_is_never_a_failure()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync("an\ufffena@people.example", "\ufffe\uffff")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email, Browser.Password + "\ufffe")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task Guesses_count_for_the_account_whatever_the_spelling()
    {
        var unique = Guid.NewGuid().ToString("N");
        using var browser = host.Browse();
        await browser.RegisterAsync($"jos\u00e9-{unique}@people.example");
        string[] spellings = [$"jos\u00e9-{unique}@people.example", $"jose\u0301-{unique}@people.example", $"\uff4aos\u00e9-{unique}@people.example"];
        for (var attempt = 0; attempt < Limits.PerAccount; attempt++)
            Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(spellings[attempt % 3], "not the password at all")).Status);
        foreach (var spelling in spellings)
            Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.LoginAsync(spelling)).Status);
    }

    [Theory]
    [Trait("Practice", "P06")]
    [InlineData("\u017elu\u0165ou\u010dk\u00fd k\u016f\u0148 p\u011bl", "z\u030clut\u030couc\u030cky\u0301 ku\u030an\u030c pe\u030cl")]
    [InlineData("violet kettle marathon", "\uff56\uff49\uff4f\uff4c\uff45\uff54\u3000\uff4b\uff45\uff54\uff54\uff4c\uff45\u00a0marathon")]
    [InlineData("o\ufb03cer of the \u2167 legion", "officer of the VIII legion")]
    [InlineData("\ud55c\uae00 \uc218\uc601 \ubc14\ub2e4 \ub3c4\uc11c\uad00", "\u1112\u1161\u11ab\u1100\u1173\u11af \u1109\u116e\u110b\u1167\u11bc \u1107\u1161\u1103\u1161 \u1103\u1169\u1109\u1165\u1100\u116a\u11ab")]
    public async Task A_password_is_the_same_on_another_keyboard(string password, string typed)
    {
        foreach (var (chosen, later) in (ValueTuple<string, string>[])[(password, typed), (typed, password)])
        {
            using var browser = host.Browse();
            var email = $"{Guid.NewGuid():N}@people.example";
            await browser.RegisterAndConfirmAsync(email, chosen);
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, later)).Status);
            Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email, later + "x")).Status);
        }
    }

    [Fact]
    [Trait("Practice", "P06")]
    public async Task A_password_from_before_works_as_it_was_typed_and_after_that_in_every_form()
    {
        const string Decomposed = "cafe\u0301 cre\u0300me bru\u0302le\u0301e";
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var before = new PasswordHasher<ShopUser>(Options.Create(new PasswordHasherOptions { IterationCount = IdentityData.HashRounds }));
        await using (var context = IdentityHost.Context(host.Database))
        {
            var hash = before.HashPassword(new ShopUser(), Decomposed);
            await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email))
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), TestContext.Current.CancellationToken);
        }

        var composed = Decomposed.Normalize(NormalizationForm.FormC);
        Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email, composed)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, Decomposed)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, composed)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, Decomposed)).Status);
    }

    [Fact]
    [Trait("Practice", "P06")]
    public async Task A_long_password_from_before_still_works()
    {
        // 120 characters as it was typed, 480 as it is normalised: it could not be chosen today.
        var password = string.Concat(Enumerable.Repeat("\u33a8\u33af\u3391\u3392", 30));
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        await using (var context = IdentityHost.Context(host.Database))
        {
            var hash = new PasswordHasher<ShopUser>().HashPassword(new ShopUser(), password);
            await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email))
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, password)).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, password)).Status);
    }

    [Fact]
    [Trait("Practice", "P06")]
    public async Task Characters_are_counted_and_not_what_they_take()
    {
        // One code point each, two units of UTF-16.
        string Signs(int count) => string.Concat(Enumerable.Range(0, count).Select(index => char.ConvertFromUtf32(0x20000 + index)));
        using var browser = host.Browse();
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync($"{Guid.NewGuid():N}@people.example", Signs(PasswordRules.MinLength - 1))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync($"{Guid.NewGuid():N}@people.example", Signs(PasswordRules.MaxLength + 1))).Status);
        foreach (var length in (int[])[PasswordRules.MinLength, PasswordRules.MaxLength])
        {
            var email = $"{Guid.NewGuid():N}@people.example";
            await browser.RegisterAndConfirmAsync(email, Signs(length));
            Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email, Signs(length))).Status);
            Assert.Equal(HttpStatusCode.OK, (await browser.LoginAsync(email, Signs(length - 1))).Status);
        }

        // 128 letters of which each is typed as two.
        var decomposed = string.Concat(Enumerable.Range(0, PasswordRules.MaxLength).Select(index => $"{"aeiouyncsz"[index * 7919 % 10]}\u0301"));
        var person = $"{Guid.NewGuid():N}@people.example";
        await browser.RegisterAndConfirmAsync(person, decomposed);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(person, decomposed.Normalize(NormalizationForm.FormC))).Status);
    }

    [Theory]
    [Trait("Practice", "P06")]
    [InlineData("\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13\uff14")]
    [InlineData("\ud835\udc29\ud835\udc1a\ud835\udc2c\ud835\udc2c\ud835\udc30\ud835\udc28\ud835\udc2b\ud835\udc1d1234")]
    [InlineData("\uff11\uff19\uff15\uff13\uff18\uff12\uff17\uff14\uff19\uff10\uff13\uff12")]
    [InlineData("Andre\u0301Rene\u0301e2026")]
    [InlineData("Andr\u00e9Ren\u00e9e2026")]
    public void Common_passwords_are_common_in_every_form(string password)
        => Assert.NotNull(PasswordRules.Judge(password, "andre\u0301.ren\u00e9e@people.example", "Andre\u0301 Ren\u00e9e"));

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627")]
    [InlineData("\u0d28\u0d28\u0d4d\u200d")]
    [InlineData("\ud842\udfb7\u91ce\u5bb6")]
    [InlineData("\u8fbb\udb40\udd00\u6751")]
    [InlineData("Ada \ud83d\udc69\u200d\ud83d\udcbb")]
    [InlineData("Jose\u0301")]
    public async Task Names_are_kept_as_people_write_them(string name)
    {
        using var browser = host.Browse();
        var email = $"{Guid.NewGuid():N}@people.example";
        await browser.RegisterAndConfirmAsync(email, name: name);
        Assert.Equal(HttpStatusCode.Found, (await browser.LoginAsync(email)).Status);
        await using var context = IdentityHost.Context(host.Database);
        Assert.Equal(
            name.Normalize(NormalizationForm.FormC),
            await context.Users.Where(u => u.NormalizedEmail == IdentityHost.HashOf(email)).Select(u => u.DisplayName).SingleAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task A_name_has_eighty_characters_whatever_they_take()
    {
        using var browser = host.Browse();
        string Name(int length) => string.Concat(Enumerable.Repeat("\ud842\udfb7", length));
        Assert.Equal(HttpStatusCode.Found, (await browser.RegisterAsync($"{Guid.NewGuid():N}@people.example", name: Name(80))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync($"{Guid.NewGuid():N}@people.example", name: Name(81))).Status);
    }

    [Theory]
    [Trait("Practice", "P23")]
    [InlineData("\u200d\u200c")]
    [InlineData("\u3164")]
    [InlineData("\u0301")]
    [InlineData("Ada\udb40\udc61\udb40\udc64")]
    [InlineData("Ada\udbff\udffd")]
    public async Task A_name_that_nobody_sees_or_that_hides_something_is_refused(string name)
    {
        using var browser = host.Browse();
        Assert.Equal(HttpStatusCode.OK, (await browser.RegisterAsync($"{Guid.NewGuid():N}@people.example", name: name)).Status);
    }
}
