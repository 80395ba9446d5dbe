using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Identity.Tests.Support;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

/// <summary>The pages in a real browser, which decides itself which cookies it sends and what a policy lets in.</summary>
public sealed class BrowserTests(SharedHost shared, ChromiumFixture chromium) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    private static readonly string[] Paths =
    [
        "/", "/account/login", "/account/login?expired=true", "/account/register", "/account/register?expired=true",
        "/account/check-mail", "/account/check-mail?again=true", "/account/confirm-email", "/account/forgotten-password", "/account/forgotten-password?sent=true",
        "/account/reset-password", "/account/logout", "/account/denied", "/error", "/account/nothing",
    ];

    // Each size and each scheme: nothing depends on both.
    public static TheoryData<string, bool, ColorScheme> Looks => [.. Paths.SelectMany(path => ((string, bool, ColorScheme)[])[(path, true, ColorScheme.Light), (path, false, ColorScheme.Dark)])];

    [Theory]
    [MemberData(nameof(Looks))]
    [Trait("Practice", "P24")]
    public async Task Every_page_can_be_read_and_used_by_keyboard_on_phones_and_desktops(string path, bool phone, ColorScheme colours)
    {
        await using var window = await chromium.OpenAsync(host.Address, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        var answer = await window.Page.GotoAsync(path);
        Assert.Empty(await PageAudit.FaultsAsync(window.Page));

        // A 404 is an error on the console of its own.
        Assert.All(window.Complaints, complaint => Assert.True(answer!.Status == 404 && complaint.Contains("status of 404", StringComparison.Ordinal), complaint));
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task Who_arrives_from_another_site_signs_in_and_the_forms_of_other_tabs_still_hold()
    {
        var request = new CodeRequest("openid");
        await using var client = await new LoopbackServer(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync($"<a href='{host.Address.GetLeftPart(UriPartial.Authority)}{request.Path}'>Sign in with the shop</a>", context.RequestAborted);
        })).StartAsync();
        using var person = host.Browse();
        var email = await person.NewPersonAsync();
        await using var window = await chromium.OpenAsync(host.Address);
        var first = window.Page;
        await first.GotoAsync("/account/login");
        var second = await first.Context.NewPageAsync();

        // Another site: localhost and 127.0.0.1 share nothing.
        await second.GotoAsync($"https://127.0.0.1:{client.Address.Port}/");
        await second.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(second.GetByText("to continue to SecureShop app")).ToBeVisibleAsync();

        await SignInAsync(first);
        await Assertions.Expect(first.GetByRole(AriaRole.Heading, new() { Name = "Hello, Test Person" })).ToBeVisibleAsync();

        // The form of the second tab was opened before; the app gets its code all the same.
        var sentOn = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        second.Response += (_, response) =>
        {
            if (response.Headers.TryGetValue("location", out var location) && location.StartsWith(CodeRequest.Redirect, StringComparison.Ordinal))
                sentOn.TrySetResult(location);
        };
        await SignInAsync(second);
        await second.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        Assert.Contains("code=", await sentOn.Task.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(window.Complaints);

        async Task SignInAsync(IPage page)
        {
            await page.GetByLabel("E-mail address").FillAsync(email);
            await page.GetByLabel("Password").FillAsync(Browser.Password);
            await page.Keyboard.PressAsync("Enter");
        }
    }

    [Fact]
    [Trait("Practice", "P25")]
    public async Task A_form_on_another_site_signs_nobody_in_or_out()
    {
        using var attacker = host.Browse();
        using var person = host.Browse();
        var (theirs, own) = (await attacker.NewPersonAsync(), await person.NewPersonAsync());
        var token = (await attacker.OpenFormAsync("/account/login")).Token;
        var target = host.Address.GetLeftPart(UriPartial.Authority);
        await using var evil = await new LoopbackServer(app => app.MapGet("/{page}", (HttpContext context, string page) =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(
                $"<form method='post' action='{target}/account/{page}'><input name='Email' value='{theirs}'><input name='Password' value='{Browser.Password}'>"
                + $"<input name='{OpenForm.TokenField}' value='{token}'><button>Win a lamp</button></form>", context.RequestAborted);
        })).StartAsync();
        await using var window = await chromium.OpenAsync(host.Address);

        await PostAsync("login");
        await window.Page.GotoAsync("/");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Accounts and sign-in" })).ToBeVisibleAsync();

        await window.Page.GotoAsync("/account/login");
        await window.Page.GetByLabel("E-mail address").FillAsync(own);
        await window.Page.GetByLabel("Password").FillAsync(Browser.Password);
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForURLAsync("**/");
        await PostAsync("logout");
        await window.Page.GotoAsync("/");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Hello, Test Person" })).ToBeVisibleAsync();

        async Task PostAsync(string page)
        {
            await window.Page.GotoAsync($"https://127.0.0.1:{evil.Address.Port}/{page}");
            await window.Page.GetByRole(AriaRole.Button).ClickAsync();
            await window.Page.WaitForURLAsync($"{target}/account/{page}?expired=true*");
        }
    }
}
