using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Identity.Tests.Support;

namespace SecureShop.Identity.Tests.Factors;

/// <summary>The pages of second factors, for the people who read and operate them.</summary>
public sealed class FactorPageTests(PasskeyHost shared, ChromiumFixture chromium) : IClassFixture<PasskeyHost>
{
    private readonly IdentityHost host = shared.Host;

    // Each size and each scheme: nothing depends on both.
    public static TheoryData<bool, ColorScheme> Looks => new() { { true, ColorScheme.Light }, { false, ColorScheme.Dark } };

    [Theory]
    [MemberData(nameof(Looks))]
    [Trait("Practice", "P24")]
    public async Task Every_page_can_be_read_and_used_by_keyboard_on_phones_and_desktops(bool phone, ColorScheme colours)
    {
        using var person = host.Browse();
        var email = await person.NewPersonAsync();
        await using var window = await chromium.OpenAsync(host.Address, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        var page = window.Page;
        await page.GotoAsync("/account/login");
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Browser.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/");
        await AuditAsync("/account/security", "security-none");
        await AuditAsync("/account/security/passkeys", "add-passkey");
        await AuditAsync("/account/passkey", "passkey");

        // The app reads the picture; here its text.
        await AuditAsync("/account/security/authenticator", "authenticator");
        var app = new AuthenticatorApp((await page.Locator(".fine code").First.InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(app.Code(shared.Clock.GetUtcNow()));
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your recovery codes" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await AuditAsync(null, "recovery-codes");
        await AuditAsync("/account/security", "security");
        await AuditAsync("/account/security/authenticator", "authenticator-replace");
        await AuditAsync("/account/security/recovery-codes", "recovery-codes-new");

        await VirtualAuthenticator.AddAsync(page);
        await page.GotoAsync("/account/security/passkeys");
        await page.GetByLabel("Name").FillAsync("My phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the passkey" }).ClickAsync();
        await page.WaitForURLAsync("**/account/security?*");
        await AuditAsync(null, "security-added");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change My phone" }).ClickAsync();
        await page.WaitForURLAsync("**/account/security/passkey?*");
        await AuditAsync(null, "passkey-details");

        await AuditAsync("/account/second-factor", "step-up");
        await AuditAsync("/account/second-factor?recovery=true", "step-up-recovery");
        Assert.Empty(window.Complaints);

        async Task AuditAsync(string? path, string name)
        {
            if (path is not null)
                await page.GotoAsync(path);
            Assert.Equal([], (await PageAudit.FaultsAsync(page)).Select(fault => $"{name}: {fault}"));
        }
    }
}
