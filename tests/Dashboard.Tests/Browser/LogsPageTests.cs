using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class LogsPageTests(SharedDashboard shared)
{
    private const int MostRows = 120;

    [Fact]
    public async Task A_record_appears_at_the_top_without_a_reload()
    {
        await using var window = await shared.OpenAsync("/logs");
        var rows = window.Page.Locator(".log[data-seq]");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        var message = $"something of {Guid.NewGuid():N}";
        using var sample = new Sample(shared.Dashboard.Server.OtlpAddress, shared.Dashboard.Server.OtlpApiKey);

        await sample.LogsAsync("catalog", "SecureShop.Catalog.Products", [new SampleLog(message)]);

        await Assertions.Expect(rows.First).ToContainTextAsync(message);
        Assert.InRange(await rows.CountAsync(), 10, MostRows);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Filters_narrow_stand_in_the_address_and_go_back()
    {
        await using var window = await shared.OpenAsync("/logs");
        var page = window.Page;
        var rows = page.Locator(".log[data-seq]");

        await page.GetByLabel("Level").SelectOptionAsync("error");
        await page.GetByLabel("Resource", new() { Exact = true }).SelectOptionAsync("gateway");

        await Assertions.Expect(rows.First).ToContainTextAsync("of gateway failed");
        await Assertions.Expect(rows.Filter(new() { HasText = "info" })).ToHaveCountAsync(0);
        Assert.Contains("level=error", page.Url, StringComparison.Ordinal);
        Assert.Contains("resource=gateway", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Level")).ToHaveValueAsync("error");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(rows.Filter(new() { HasText = "info" }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_record_is_read_and_left_by_keyboard_alone()
    {
        await using var window = await shared.OpenAsync("/logs?level=error");
        var page = window.Page;
        await Assertions.Expect(page.Locator(".log[data-seq]").First).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowDown");

        var chosen = page.Locator(".log[aria-selected=true]");
        await Assertions.Expect(chosen).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".scroller")).ToHaveAttributeAsync("aria-activedescendant", (await chosen.GetAttributeAsync("id"))!);
        await Assertions.Expect(page.Locator(".details")).ToBeVisibleAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("log=\\d+"));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".details")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".scroller")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_record_leads_to_its_trace()
    {
        await using var window = await shared.OpenAsync($"/logs?trace={Samples.Text(Samples.Hostile)}");

        await window.Page.Locator(".log[data-seq] .trace-link").First.ClickAsync();

        await Assertions.Expect(window.Page).ToHaveURLAsync(new Regex($"/traces/{Samples.Text(Samples.Hostile)}"));
        await Assertions.Expect(window.Page.Locator(".span-row")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator(".tick-log").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_fits_no_filter_says_so()
    {
        await using var window = await shared.OpenAsync("/logs?q=nothing-has-this");

        await Assertions.Expect(window.Page.Locator(".empty")).ToContainTextAsync("No record fits these filters");
    }
}
