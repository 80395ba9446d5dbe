using Microsoft.Playwright;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ConsolePageTests(SharedDashboard shared)
{
    private const int MostRows = 150;

    [Fact]
    public async Task A_line_appears_at_the_end_without_a_reload()
    {
        await using var window = await shared.OpenAsync("/console/orders");
        var line = $"a line of {Guid.NewGuid():N}";

        shared.Dashboard.Console.Add("orders", "orders", line);

        await Assertions.Expect(window.Page.Locator(".line").Last).ToContainTextAsync(line);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Of_fifty_thousand_lines_only_those_in_sight_exist_and_all_can_be_reached()
    {
        await using var window = await shared.OpenAsync("/console/catalog");
        var page = window.Page;
        await Assertions.Expect(page.Locator(".line").Last).ToContainTextAsync("was read");

        // Held at the top, the page fetches what is older until the first line is there.
        var most = await page.EvaluateAsync<int>(
            """
            async () => {
              const list = document.querySelector('.scroller');
              let most = 0;
              for (let i = 0; i < 600 && document.querySelector('.summary').textContent.includes('older'); i++) {
                list.scrollTop = 0;
                await new Promise(done => setTimeout(done, 20));
                most = Math.max(most, document.querySelectorAll('.line').length);
              }
              return most;
            }
            """);

        Assert.InRange(most, 1, MostRows);
        await Assertions.Expect(page.Locator(".summary")).Not.ToContainTextAsync("older");
        await Assertions.Expect(page.Locator(".summary")).ToContainTextAsync("49,9");

        await page.GetByRole(AriaRole.Button, new() { Name = "To the newest" }).Or(page.GetByRole(AriaRole.Button, new() { NameRegex = new("new line") })).ClickAsync();
        await Assertions.Expect(page.Locator(".line").Last).ToBeInViewportAsync();
        Assert.InRange(await page.Locator(".line").CountAsync(), 1, MostRows);
    }

    [Fact]
    public async Task A_word_is_found_among_all_lines_and_the_view_can_be_reloaded()
    {
        await using var window = await shared.OpenAsync("/console/catalog");
        var page = window.Page;

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("NEEDLE in the");
        await page.GetByRole(AriaRole.Button, new() { Name = "Only matches" }).ClickAsync();

        await Assertions.Expect(page.Locator(".line")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".line mark")).ToHaveTextAsync("needle in the");
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".line")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("NEEDLE in the");
    }

    [Fact]
    public async Task Who_reads_further_up_is_not_moved_by_new_lines()
    {
        await using var window = await shared.OpenAsync("/console/catalog");
        var page = window.Page;
        await Assertions.Expect(page.Locator(".line").Last).ToContainTextAsync("was read");
        await page.Locator(".scroller").HoverAsync();
        await page.Mouse.WheelAsync(0, -3000);
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("tail=0"));
        var before = await page.Locator(".scroller").EvaluateAsync<double>("list => list.scrollTop");

        shared.Dashboard.Console.Add("catalog", "catalog-1", "12:00:00.000 info SecureShop.Catalog.Products: product 1 was read");

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "1 new line" })).ToBeVisibleAsync();
        Assert.Equal(before, await page.Locator(".scroller").EvaluateAsync<double>("list => list.scrollTop"));
    }
}
