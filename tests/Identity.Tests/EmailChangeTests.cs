using System.Net;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>Another e-mail address, and another name.</summary>
public sealed class EmailChangeTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P43")]
    public async Task The_new_address_is_confirmed_and_the_old_one_told()
    {
        using var person = host.Browse();
        using var elsewhere = host.Browse();
        var (former, email) = (await person.NewPersonAsync(), Address());
        await person.LoginAsync(former);
        await elsewhere.LoginAsync(former);

        Assert.Equal((HttpStatusCode.Found, "/account/email?sent=True"), Of(await person.SubmitAsync("/account/email", ("Address", email))));
        var letter = await NextAsync(email);
        Assert.Equal("Confirm your new e-mail address", letter.Subject);
        using var before = host.Browse();
        Assert.Equal(HttpStatusCode.Found, (await before.LoginAsync(former)).Status);

        Assert.Contains(email, (await person.GetAsync(letter.Link)).Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Found, "/account/email?saved=True"), Of(await ConfirmAsync(person, letter.Link)));
        Assert.Equal("Your e-mail address was changed", (await NextAsync(former)).Subject);
        Assert.Contains("Hello", (await person.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", (await elsewhere.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.LoginAsync(former)).Status);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.LoginAsync(email)).Status);

        // Used up.
        Assert.Contains("does not work", (await person.GetAsync(letter.Link)).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P10")]
    public async Task A_link_of_somebody_else_changes_nothing_and_nobody_confirms_without_a_session()
    {
        using var attacker = host.Browse();
        using var victim = host.Browse();
        var (theirs, own, email) = (await attacker.NewPersonAsync(), await victim.NewPersonAsync(), Address());
        await attacker.LoginAsync(theirs);
        await attacker.SubmitAsync("/account/email", ("Address", email));
        var link = (await NextAsync(email)).Link;

        using var nobody = host.Browse();
        Assert.StartsWith("/account/login?", (await nobody.GetAsync(link)).Location!.PathAndQuery(), StringComparison.Ordinal);
        await victim.LoginAsync(own);
        Assert.Contains("does not work", (await victim.GetAsync(link)).Body, StringComparison.Ordinal);
        Assert.Contains("does not work", (await ConfirmAsync(victim, link)).Body, StringComparison.Ordinal);

        // Nor for another address than that it was sent to.
        var other = link.Replace(email.Split('@')[0], own.Split('@')[0], StringComparison.Ordinal);
        Assert.NotEqual(link, other);
        Assert.Contains("does not work", (await ConfirmAsync(attacker, other)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await ConfirmAsync(attacker, link)).Status);
    }

    [Fact]
    [Trait("Practice", "P09")]
    public async Task An_address_that_has_an_account_is_answered_alike_and_stays_its_owners()
    {
        using var person = host.Browse();
        var (own, taken) = (await person.NewPersonAsync(), await person.NewPersonAsync());
        await person.LoginAsync(own);
        Assert.Equal((HttpStatusCode.Found, "/account/email?sent=True"), Of(await person.SubmitAsync("/account/email", ("Address", taken.ToUpperInvariant()))));
        Assert.Equal("You already have an account", (await NextAsync(taken)).Subject);

        // Taken between the letter and the click.
        var free = Address();
        await person.SubmitAsync("/account/email", ("Address", free));
        var link = (await NextAsync(free)).Link;
        using var faster = host.Browse();
        await faster.RegisterAsync(free, "another fine passphrase");
        Assert.Contains("does not work", (await ConfirmAsync(person, link)).Body, StringComparison.Ordinal);
        Assert.Contains(own, (await person.GetAsync("/account/email")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task A_name_is_changed_by_its_owner_and_shown_as_text()
    {
        using var person = host.Browse();
        Assert.StartsWith("/account/login?", (await person.GetAsync("/account")).Location!.PathAndQuery(), StringComparison.Ordinal);
        var email = await person.NewPersonAsync();
        await person.LoginAsync(email);
        Assert.Contains("aria-invalid=\"true\"", (await person.SubmitAsync("/account", ("DisplayName", "right\u202eto left"))).Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Found, "/account?saved=True"), Of(await person.SubmitAsync("/account", ("DisplayName", "<b>Ada</b>"), ("Email", "other@people.example"))));
        var page = (await person.GetAsync("/account")).Body;
        Assert.Contains("&lt;b&gt;Ada&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains(email, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Ada", page, StringComparison.Ordinal);
    }

    private static string Address() => $"{Guid.NewGuid():N}@people.example";

    private static (HttpStatusCode, string?) Of(Answer answer) => (answer.Status, answer.Location);

    private static async Task<TestLetter> NextAsync(string email) => await (await TestMailbox.SharedAsync()).NextAsync(email);

    private static async Task<Answer> ConfirmAsync(Browser browser, string link)
    {
        var form = await browser.OpenFormAsync("/account/email");
        return await browser.PostAsync(link.Replace("?", "?handler=Confirm&", StringComparison.Ordinal), (OpenForm.TokenField, form.Token));
    }
}
