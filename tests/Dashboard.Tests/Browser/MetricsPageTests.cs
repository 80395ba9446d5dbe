using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class MetricsPageTests(SharedDashboard shared)
{
    [Theory]
    [InlineData("Requests", "gateway")]
    [InlineData("Server errors", "catalog")]
    [InlineData("Latency of gateway", "p99")]
    [InlineData("Refusals", "belongs to another")]
    [InlineData("Processor", "identity")]
    public async Task The_first_sight_answers_how_the_shop_fares(string card, string series)
    {
        await using var window = await shared.OpenAsync("/metrics");

        var place = window.Page.Locator(".card").Filter(new() { Has = window.Page.GetByRole(AriaRole.Heading, new() { Name = card }) });

        await Assertions.Expect(place.Locator(".legend")).ToContainTextAsync(series);
        await Assertions.Expect(place.Locator(".drawing path.series, .drawing path.stack").First).ToHaveAttributeAsync("d", new Regex("M\\d"));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task An_instrument_is_searched_split_filtered_and_shared_by_its_address()
    {
        await using var window = await shared.OpenAsync("/metrics");
        var page = window.Page;
        await page.GetByRole(AriaRole.Searchbox).FillAsync("request.dur");
        await Assertions.Expect(page.Locator(".tree li")).ToHaveCountAsync(1);
        await page.Locator(".tree a").Filter(new() { HasText = "http.server.request.duration" }).ClickAsync();

        await page.Locator(".instrument-head").GetByLabel("Resource").SelectOptionAsync("gateway");
        await page.GetByLabel("Split by").SelectOptionAsync("http.route");
        await page.GetByLabel("Only where").SelectOptionAsync("http.request.method:POST");

        await Assertions.Expect(page.Locator(".chip")).ToContainTextAsync("http.request.method = POST");
        await Assertions.Expect(page.Locator(".tree a[aria-current]")).ToContainTextAsync("http.server.request.duration");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Split by")).ToHaveValueAsync("http.route");
        await Assertions.Expect(page.Locator(".chip")).ToContainTextAsync("POST");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_chart_is_read_by_keyboard_and_as_a_table()
    {
        await using var window = await shared.OpenAsync("/metrics?resource=gateway&meter=Microsoft.AspNetCore.Hosting&name=http.server.request.duration");
        var page = window.Page;
        var chart = page.GetByRole(AriaRole.Slider, new() { NameRegex = new("^http.server.request.duration:") });
        await Assertions.Expect(page.Locator(".drawing path.series").First).ToHaveAttributeAsync("d", new Regex("M\\d"));

        await chart.FocusAsync();

        // To the time that the samples are of, wherever in these five minutes that is by now.
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Home");
        for (var i = 0; i < 5; i++)
            await page.Keyboard.PressAsync("PageUp");

        await Assertions.Expect(chart).ToHaveAttributeAsync("aria-valuetext", new Regex("p99 .*ms.*p50 .*ms"));
        await page.Locator(".numbers summary").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "p90" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "p99" }).ClickAsync();
        await Assertions.Expect(page.Locator(".chart").First.Locator("path.series")).ToHaveCountAsync(2);
    }
}
