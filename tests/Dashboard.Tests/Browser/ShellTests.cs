using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed partial class ShellTests(SharedDashboard shared)
{
    [Fact]
    public async Task Every_page_is_reached_by_keyboard_and_says_where_one_is()
    {
        await using var window = await shared.OpenAsync("/");
        var page = window.Page;

        foreach (var (key, path, title) in new[] { ("c", "/console", "Console"), ("l", "/logs", "Logs"), ("t", "/traces", "Traces"), ("m", "/metrics", "Metrics"), ("s", "/security", "Security"), ("r", "/", "Resources") })
        {
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync(key);

            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(title);
            await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
            await Assertions.Expect(page).ToHaveTitleAsync($"{title} · SecureShop");
            await Assertions.Expect(page.Locator(".pages [aria-current=page]")).ToContainTextAsync(title);
            Assert.Equal(path, new Uri(page.Url).AbsolutePath);
        }

        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Security");
    }

    [Fact]
    public async Task Letters_that_are_typed_into_a_field_are_no_shortcuts()
    {
        await using var window = await shared.OpenAsync("/console");
        var page = window.Page;

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("g s?");
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("g s?");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Console");

        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Keyboard");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_first_stop_of_the_tab_key_skips_the_navigation()
    {
        await using var window = await shared.OpenAsync("/");

        await window.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(window.Page.Locator(".skip")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(window.Page.Locator("main")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_theme_that_was_chosen_is_there_before_the_first_paint()
    {
        await using var window = await shared.OpenAsync("/");
        var page = window.Page;
        var theme = page.GetByRole(AriaRole.Button, new() { NameRegex = Theme() });

        await theme.ClickAsync();
        await theme.ClickAsync();
        await page.ReloadAsync();

        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Assertions.Expect(page.Locator("html")).ToHaveCSSAsync("color-scheme", "dark");
    }

    [Fact]
    public async Task Who_signs_out_elsewhere_is_told_how_to_come_back()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await shared.StartAsync();
        await using var window = await shared.OpenStrangerAsync(dashboard);
        var page = window.Page;
        await page.GotoAsync(dashboard.Server.LoginLink.ToString());
        await page.Locator("#live[data-state=live]").WaitForAsync();
        await using var other = await shared.OpenStrangerAsync(dashboard, await window.SessionAsync());
        await other.Page.GotoAsync("/logs");

        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(other.Page.Locator("h1")).ToHaveTextAsync("Sign in to the dashboard");
        await page.GetByRole(AriaRole.Link, new() { Name = "Console" }).First.ClickAsync();

        await Assertions.Expect(page.Locator("#banners")).ToContainTextAsync("Your session has ended");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Signed out");
    }

    [GeneratedRegex("^Theme")]
    private static partial Regex Theme();
}
