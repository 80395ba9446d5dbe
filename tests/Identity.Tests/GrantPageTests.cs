using System.Net;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Identity.Tests.Support;
using SecureShop.Identity.Tokens;

namespace SecureShop.Identity.Tests;

/// <summary>What people let into their account, in a real browser: an app, a device; and how they see everything and put an end to it.</summary>
public sealed class GrantPageTests(SharedHost shared, ChromiumFixture chromium) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    // Each size and each scheme: nothing depends on both.
    public static TheoryData<bool, ColorScheme> Looks => new() { { true, ColorScheme.Light }, { false, ColorScheme.Dark } };

    [Theory]
    [MemberData(nameof(Looks))]
    [Trait("Practice", "P01")]
    [Trait("Practice", "P24")]
    [Trait("Practice", "P43")]
    public async Task A_person_allows_an_app_connects_a_device_and_signs_out_everywhere_else(bool phone, ColorScheme colours)
    {
        using var elsewhere = host.Browse();
        var email = await elsewhere.NewPersonAsync();
        await elsewhere.LoginAsync(email);
        await using var window = await chromium.OpenAsync(host.Address, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        var page = window.Page;

        // The app's address is for the phone alone: the browser has no program for it, and says so on the console of that tab.
        var app = await page.Context.NewPageAsync();
        var request = new CodeRequest("openid profile orders.read");
        await app.GotoAsync(request.Path);
        await app.GetByLabel("E-mail address").FillAsync(email);
        await app.GetByLabel("Password", new() { Exact = true }).FillAsync(Browser.Password);
        await app.Keyboard.PressAsync("Enter");
        await SeeAsync(app, "Allow SecureShop app?");
        var sentOn = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Response += (_, response) =>
        {
            if (response.Headers.TryGetValue("location", out var location) && location.StartsWith(CodeRequest.Redirect, StringComparison.Ordinal))
                sentOn.TrySetResult(location);
        };
        await PressAsync(app, "Allow");
        Assert.Contains("code=", await sentOn.Task.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await page.GotoAsync(request.Path + "&prompt=select_account");
        await SeeAsync(page, "You are Test Person");

        using var device = host.Browse();
        var asked = (await device.PostAsync(Paths.Device, ("client_id", "cli"), ("scope", "openid orders.read"))).Json();
        (string, string?)[] poll = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "cli"), ("device_code", asked.GetProperty("device_code").GetString())];
        Assert.Equal(HttpStatusCode.BadRequest, (await device.PostAsync(Paths.Token, poll)).Status);
        await page.GotoAsync(Paths.DevicePage);
        await SeeAsync(page, "Connect a device");
        await page.GetByLabel("Code").FillAsync(asked.GetProperty("user_code").GetString()!);
        await PressAsync(page, "Go on");
        await SeeAsync(page, "Connect SecureShop command line?");
        await PressAsync(page, "Connect it");
        await SeeAsync(page, "The device is connected");
        Assert.Equal(HttpStatusCode.OK, (await device.PostAsync(Paths.Token, poll)).Status);

        await page.GotoAsync("/account/sessions");
        await SeeAsync(page, "Where you are signed in");
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/account")).Status);
        await PressAsync(page, "Sign out everywhere else");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await SeeAsync(page, "Where you are signed in");
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync("/account")).Status);
        Assert.Empty(window.Complaints);

        static async Task SeeAsync(IPage at, string heading)
        {
            await Assertions.Expect(at.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true, Level = 1 })).ToBeVisibleAsync();
            Assert.Empty(await PageAudit.FaultsAsync(at));
        }

        static Task PressAsync(IPage at, string name) => at.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
    }
}
