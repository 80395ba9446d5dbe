using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>The reference of the APIs in a real browser, which holds it to its policy.</summary>
[Trait("Practice", "P01")]
[Trait("Practice", "P24")]
[Trait("Practice", "P26")]
public sealed class ReferenceTests(ShopSystem shop, ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task One_signs_in_on_the_page_and_calls_an_API_from_it()
    {
        await using var window = await chromium.OpenAsync(shop.Run.Place.Shop);
        var page = window.Page;
        await page.GotoAsync("/docs/reference/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Catalog" }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync("alice@secureshop.example");
        await page.GetByLabel("Password").FillAsync(shop.Run.Place.Secrets["demo-alice-password"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Signed in for 5 minutes.")).ToBeVisibleAsync();

        // The code is in no address that the browser keeps, and the token in no store of it.
        Assert.DoesNotContain("code=", page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", await page.EvaluateAsync<string>("() => JSON.stringify([localStorage, sessionStorage, document.cookie])"), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Catalog" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Orders" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Lists the caller's orders" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Request (get /api/orders)" }).ClickAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Send" }).First.ClickAsync(),
            response => new Uri(response.Url).AbsolutePath == "/api/orders");
        Assert.Equal(200, answer.Status);
        await Assertions.Expect(page.GetByText("200 OK").First).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task An_answer_that_was_not_asked_for_signs_nobody_in()
    {
        await using var window = await chromium.OpenAsync(shop.Run.Place.Shop);
        var asked = 0;
        window.Page.Request += (_, request) => asked += request.Url.Contains("/connect/token", StringComparison.Ordinal) ? 1 : 0;
        await window.Page.GotoAsync($"/docs/reference/?code=slipped-in&state=guessed&iss={Uri.EscapeDataString(shop.Run.Place.Identity.GetLeftPart(UriPartial.Authority))}");
        await Assertions.Expect(window.Page.Locator("#signed-in")).ToHaveTextAsync("Not signed in. Please try again.");
        Assert.Equal(0, asked);

        // Nor is what the page says of it taken for a token.
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Catalog" }).First).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByText("Not signed in.")).ToHaveCountAsync(1);
        Assert.DoesNotContain("code=", window.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(true, ColorScheme.Dark)]
    [InlineData(false, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task It_fits_phones_and_desktops_and_the_keyboard_reaches_the_sign_in_first(bool phone, ColorScheme colours)
    {
        await using var window = await chromium.OpenAsync(shop.Run.Place.Shop, phone ? ChromiumFixture.Phone : ChromiumFixture.Desktop, colours);
        var page = window.Page;
        await page.GotoAsync("/docs/reference/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Catalog" }).First).ToBeVisibleAsync();
        Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        for (var press = 0; press < 3; press++)
            await page.Keyboard.PressAsync("Tab");
        Assert.Equal("sign-in", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("E-mail address")).ToBeVisibleAsync();
        Assert.Empty(window.Complaints);
    }
}
