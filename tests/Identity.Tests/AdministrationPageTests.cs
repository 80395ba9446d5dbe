using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Identity.Tests;

/// <summary>Keys, one's own data and the accounts of others in a real browser: each page can be read and used.</summary>
public sealed class AdministrationPageTests(ClockedHost clocked, ChromiumFixture chromium) : IClassFixture<ClockedHost>
{
    private readonly IdentityHost host = clocked.Host;

    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    [Trait("Practice", "P24")]
    public async Task An_administrator_makes_a_key_grants_a_role_and_looks_at_what_happened(bool phone, ColorScheme colours)
    {
        using var other = host.Browse();
        var customer = await other.NewPersonAsync();
        var (admin, app, _) = await host.NewPersonWithAppAsync(clocked.Clock);
        using (DatabaseTask.Administration.Begin())
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
            await users.AddToRoleAsync((await users.FindByEmailAsync(admin))!, Role.Admin);
        }

        clocked.Clock.Advance(TimeSpan.FromMinutes(2));
        await using var window = await chromium.OpenAsync(host.Address, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        var page = window.Page;
        await page.GotoAsync("/account/login");
        await page.GetByLabel("E-mail address").FillAsync(admin);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Browser.Password);
        await PressAsync("Sign in");
        await page.GetByLabel("Code").FillAsync(app.Code(clocked.Clock.GetUtcNow()));
        await PressAsync("Continue");

        await page.GotoAsync("/account/keys");
        await SeeAsync("API keys");
        await PressAsync("Make the key");
        await SeeAsync("API keys");
        await page.GetByLabel("What is it for?").FillAsync("Stock script at work");
        await page.GetByLabel("Read your orders").CheckAsync();
        await page.GetByLabel("How long is it good for?").SelectOptionAsync("180");
        await PressAsync("Make the key");
        await Assertions.Expect(page.GetByText("it is shown this once")).ToBeVisibleAsync();
        await page.GetByText("Replace or revoke").ClickAsync();
        await SeeAsync("API keys");
        await PressAsync("Revoke at once");
        await Assertions.Expect(page.GetByText("The key is revoked.")).ToBeVisibleAsync();

        await page.GotoAsync("/account/data");
        await SeeAsync("Your data");
        await PressAsync("Put a copy together");
        await Assertions.Expect(page.GetByText("Being put together.").First).ToBeVisibleAsync();
        await SeeAsync("Your data");
        await using (var database = IdentityHost.Context(host.Database))
            await database.Database.ExecuteSqlAsync($"update identity.personal_parts set state = case service when 'orders' then 'Done' else 'TooLarge' end, answered_at = now()", TestContext.Current.CancellationToken);
        await page.GetByRole(AriaRole.Link, new() { Name = "Look again" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Download as JSON")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("More than goes into one file")).ToBeVisibleAsync();
        await SeeAsync("Your data");
        await PressAsync("Erase my account");
        await SeeAsync("Your data");

        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Accounts of others" }).ClickAsync();
        await SeeAsync("Accounts");
        await page.GetByLabel("E-mail address or id").FillAsync(customer);
        await PressAsync("Search");
        await page.GetByRole(AriaRole.Link, new() { Name = customer }).ClickAsync();
        await SeeAsync(customer);
        await PressAsync("Grant seller");
        await Assertions.Expect(page.GetByText("seller (held)")).ToBeVisibleAsync();
        await SeeAsync(customer);
        Assert.Empty(window.Complaints);

        async Task SeeAsync(string heading)
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();
            Assert.Empty(await PageAudit.FaultsAsync(page));
        }

        Task PressAsync(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
    }
}
