using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>Pages that want a sign-in of the last ten minutes: whoever finds a browser open is not let in, and its person gets back to where they were.</summary>
[Trait("Practice", "P43")]
public sealed class FreshSessionTests(ClockedHost clocked) : IClassFixture<ClockedHost>
{
    private const string Login = "/account/login?";

    private readonly IdentityHost host = clocked.Host;

    [Fact]
    public async Task A_fresh_session_opens_the_page_and_an_old_one_signs_in_and_comes_back_with_the_link_of_the_letter()
    {
        using var person = host.Browse();
        var (former, email) = (await person.NewPersonAsync(), $"{Guid.NewGuid():N}@shop.example");
        await person.LoginAsync(former);
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync("/account/password")).Status);
        await person.SubmitAsync("/account/email", ("Address", email));
        var link = (await (await TestMailbox.SharedAsync()).NextAsync(email)).Link.PathAndQuery();

        clocked.Clock.Advance(TimeSpan.FromMinutes(11));
        foreach (var page in (string[])["/account/password", "/account/email", link])
        {
            var asked = await person.GetAsync(page);
            Assert.Equal(HttpStatusCode.Found, asked.Status);
            Assert.StartsWith(Login, asked.Location, StringComparison.Ordinal);
            Assert.Equal(Parts(page), Parts(WayBack(asked)));
        }

        var back = await person.LoginAsync(former, returnUrl: WayBack(await person.GetAsync(link)));
        Assert.Equal(Parts(link), Parts(back.Location!));
        var opened = await person.GetAsync(back.Location!);
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        Assert.Contains(email, opened.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("does not work", opened.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_old_session_posts_is_not_done_and_not_done_later_either()
    {
        using var person = host.Browse();
        var email = await person.NewPersonAsync();
        await person.LoginAsync(email);
        var form = await person.OpenFormAsync("/account/email");
        clocked.Clock.Advance(TimeSpan.FromMinutes(11));

        var asked = await person.SubmitAsync(form with { Path = "/account/email?handler=Confirm" }, ("Address", "other@shop.example"), ("Token", "made up"));
        Assert.StartsWith(Login, asked.Location, StringComparison.Ordinal);
        Assert.Equal("/account/email", WayBack(asked));
    }

    [Theory]
    [InlineData("https://evil.example/account/password")]
    [InlineData("//evil.example/account/password")]
    [InlineData("/\\evil.example/account/password")]
    [InlineData("https:account/password")]
    public async Task The_way_back_leads_to_nobody_else(string foreign)
    {
        using var victim = host.Browse();
        var email = await victim.NewPersonAsync();
        await victim.LoginAsync(email);
        clocked.Clock.Advance(TimeSpan.FromMinutes(11));

        // Open redirect, by a link to the sign-in page, or by the address that is asked for.
        Assert.Equal("/", (await victim.LoginAsync(email, returnUrl: foreign)).Location);
        clocked.Clock.Advance(TimeSpan.FromMinutes(11));
        var asked = await victim.GetAsync(QueryHelpers.AddQueryString("/account/password", "returnUrl", foreign));
        Assert.StartsWith("/account/password?", WayBack(asked), StringComparison.Ordinal);
        var back = await victim.LoginAsync(email, returnUrl: WayBack(asked));
        Assert.StartsWith("/account/password?", back.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await victim.GetAsync(back.Location!)).Status);
    }

    private static string WayBack(Answer asked) => QueryHelpers.ParseQuery(asked.Location!.Query())["returnUrl"].ToString();

    // However each of them is encoded.
    private static (string Path, string Query) Parts(string address) => (
        address.Split('?')[0],
        string.Join('&', QueryHelpers.ParseQuery(address.Contains('?', StringComparison.Ordinal) ? address.Query() : "").Select(part => $"{part.Key}={part.Value}").Order(StringComparer.Ordinal)));
}
