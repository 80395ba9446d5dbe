using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests;

/// <summary>From registering to a new password in a real browser, by the letters that arrive; each page on the way can be read and used.</summary>
public sealed class AccountPageTests(SharedHost shared, ChromiumFixture chromium) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    [Trait("Practice", "P24")]
    public async Task A_person_registers_confirms_forgets_the_password_and_changes_what_is_known(bool phone, ColorScheme colours)
    {
        var mailbox = await TestMailbox.SharedAsync();
        var (email, other) = ($"{Guid.NewGuid():N}@people.example", $"{Guid.NewGuid():N}@people.example");
        await using var window = await chromium.OpenAsync(host.Address, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        var page = window.Page;

        await page.GotoAsync("/account/register");
        await FillAsync(("Your name", "Ada Miller"), ("E-mail address", email), ("Password", Browser.Password));
        await SeeAsync("Look into your mailbox");
        await GoAsync((await mailbox.NextAsync(email)).Link, "Confirm your address");
        await FillAsync(("Password", Browser.Password));
        await Assertions.Expect(page.GetByText("Hello, Ada Miller")).ToBeVisibleAsync();

        await GoAsync("/account", "Your account");
        await FillAsync(("Your name", "Ada Carpenter"));
        await Assertions.Expect(page.GetByText("Your name is saved.")).ToBeVisibleAsync();
        await GoAsync("/account/password", "Change your password");
        await FillAsync(("Present password", Browser.Password), ("New password", "another fine passphrase"));
        await Assertions.Expect(page.GetByText("Your password is changed")).ToBeVisibleAsync();
        Assert.Equal("Your password was changed", (await mailbox.NextAsync(email)).Subject);

        await GoAsync("/account/email", "Change your address");
        await FillAsync(("New e-mail address", other));
        await Assertions.Expect(page.GetByText("We have written to the new address.")).ToBeVisibleAsync();
        await GoAsync((await mailbox.NextAsync(other)).Link, "Confirm your new address");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use the new address" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your e-mail address is changed")).ToBeVisibleAsync();

        await GoAsync("/account/forgotten-password", "Forgotten your password?");
        await FillAsync(("E-mail address", other));
        await SeeAsync("Look into your mailbox");
        await GoAsync((await mailbox.NextAsync(other)).Link, "Choose a new password");
        await FillAsync(("New password", "violet harbour 41 teaspoon"));
        await Assertions.Expect(page.GetByText("Hello, Ada Carpenter")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);

        async Task GoAsync(string path, string heading)
        {
            await page.GotoAsync(path);
            await SeeAsync(heading);
        }

        async Task SeeAsync(string heading)
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true, Level = 1 })).ToBeVisibleAsync();
            Assert.Empty(await PageAudit.FaultsAsync(page));
        }

        async Task FillAsync(params (string Label, string Text)[] fields)
        {
            foreach (var (label, text) in fields)
                await page.GetByLabel(label, new() { Exact = true }).FillAsync(text);
            await page.Keyboard.PressAsync("Enter");
        }
    }
}
