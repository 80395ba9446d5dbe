using System.Net;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>What Aspire's dashboard shows of the shop to whoever follows AppHost's login link, in a real browser.</summary>
public sealed class DashboardTests(ShopSystem shop) : IAsyncLifetime
{
    private readonly ChromiumFixture chromium = new();

    public ValueTask InitializeAsync() => chromium.InitializeAsync();

    public ValueTask DisposeAsync() => chromium.DisposeAsync();

    [Fact]
    public async Task Explore()
    {
        using var alice = await shop.SignedInAsync("alice");
        using var found = await alice.GetAsync("/api/catalog/products?inStock=true&limit=1");
        var product = (await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();
        using var placed = await alice.OrderAsync(product);
        var order = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var bob = await shop.SignedInAsync("bob");
        using var hidden = await bob.GetAsync($"/api/orders/{order}");
        var trace = await hidden.TraceIdAsync();

        var told = await shop.Run.UntilAsync("aspire-dashboard", state => state.Urls.Any(url => url.Url.Contains("t=", StringComparison.Ordinal)));
        var link = new Uri(told.Snapshot.Urls.First(url => url.Url.Contains("t=", StringComparison.Ordinal)).Url);
        await using var window = await chromium.OpenAsync(link);
        await window.Page.GotoAsync(link.AbsoluteUri);
        await Dump(window, "resources");
        await window.Page.GotoAsync("/traces");
        await Dump(window, "traces");
        var row = window.Page.GetByText("POST /api/orders").First;
        try { await row.ClickAsync(); await Dump(window, "detail"); } catch (Exception e) { await File.WriteAllTextAsync("/tmp/h4/detail-error", e.ToString()); }
        await window.Page.GotoAsync($"/structuredlogs?traceId={trace}");
        await Dump(window, "logs");
        await window.Page.GotoAsync($"/traces/detail/{trace}");
        await Dump(window, "othersdetail");
        await File.WriteAllTextAsync("/tmp/h4/complaints", string.Join('\n', window.Complaints) + $"\n{link}\n{trace}");
    }

    private static async Task Dump(Window window, string name)
    {
        await window.Page.WaitForTimeoutAsync(6000);
        await window.Page.ScreenshotAsync(new() { Path = $"/tmp/h4/{name}.png" });
        await File.WriteAllTextAsync($"/tmp/h4/{name}.txt", window.Page.Url + "\n" + await window.Page.Locator("body").InnerTextAsync());
        await File.WriteAllTextAsync($"/tmp/h4/{name}.html", await window.Page.ContentAsync());
    }
}
