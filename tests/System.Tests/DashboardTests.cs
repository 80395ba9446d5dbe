using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>What Aspire's dashboard shows of the shop to whoever follows AppHost's login link, in a real browser.</summary>
[Trait("Practice", "P33")]
public sealed class DashboardTests(ShopSystem shop, ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    // Milliseconds. Services send what they have once a second; the rest is for a machine that does much else.
    private const float Patience = 30_000;

    // Tall: a grid renders the rows that are seen.
    private static readonly ViewportSize Tall = new() { Width = 1600, Height = 2400 };

    [Fact]
    public async Task Every_resource_is_healthy_and_the_gateway_is_a_link()
    {
        await using var window = await SignedInAsync();

        foreach (var name in (string[])["postgres", "shop", "redis", "gateway", "identity", "catalog", "orders"])
            await ToSeeAsync(Resource(name).GetByRole(AriaRole.Gridcell, new() { Name = "Running", Exact = true }));
        await ToSeeAsync(Resource("database").GetByText("Finished", new() { Exact = true }));
        await ToSeeAsync(Resource("gateway").Locator("a[href^='https://localhost:']").First);
        await ToSeeAsync(window.Page.GetByText(new Regex("^Showing [0-9]+ resources$")));
        Assert.Equal(0, await window.Page.GetByText("Unhealthy").CountAsync());
        Assert.Empty(window.Complaints);

        ILocator Resource(string name) => Row(window, window.Page.GetByText(name, new() { Exact = true }));
    }

    [Fact]
    public async Task A_purchase_is_one_trace_from_the_gateway_to_the_SQL_in_Catalog_and_Orders()
    {
        using var alice = await shop.SignedInAsync("alice");
        await OrderAsync(alice);
        await using var window = await SignedInAsync();

        // Of the requests that came as far as the catalog.
        await window.Page.GotoAsync("/traces/resource/catalog");
        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync("POST /api/orders");
        var shown = window.Page.GetByText(new Regex("^Showing [0-9,]+ traces?$"));
        await ToSeeAsync(shown);
        var before = await shown.InnerTextAsync();
        await OrderAsync(alice);

        // What comes last is now one of ours, and a purchase.
        await Assertions.Expect(shown).Not.ToHaveTextAsync(before, new() { Timeout = Patience });
        var purchase = Row(window, window.Page.GetByText("POST /api/orders")).Filter(new() { HasText = "orders (" }).Filter(new() { HasText = "catalog (" })
            .GetByText("POST /api/orders").Last;
        await OpenAsync(window, purchase, "/traces/detail/");

        foreach (var span in (string[])["gateway: POST /api/orders", "orders: INSERT orders.audit_waiting", "catalog: PUT /reservations/{orderId:guid}", "catalog: INSERT catalog.reservations"])
            await ToSeeAsync(window.Page.GetByRole(AriaRole.Gridcell, new() { Name = span }).First);

        await window.Page.GetByRole(AriaRole.Gridcell, new() { Name = "catalog: INSERT catalog.reservations" }).First.ClickAsync();
        await ToSeeAsync(window.Page.GetByText("db.query.text").First);
        await ToSeeAsync(window.Page.GetByText("INSERT INTO catalog.reservations").First);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P02")]
    [Trait("Practice", "P16")]
    public async Task Attacks_are_found_among_the_logs_by_the_trace_ids_of_their_refusals()
    {
        using var alice = await shop.SignedInAsync("alice");
        var order = await OrderAsync(alice);
        using var bob = await shop.SignedInAsync("bob");
        using var forger = shop.WithToken((await shop.TokensOfAsync("alice")).Access[..^8] + "AAAAAAAA");
        using var hidden = await bob.GetAsync($"/api/orders/{order}");
        using var refused = await forger.GetAsync("/api/orders");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (hidden.StatusCode, refused.StatusCode));
        await using var window = await SignedInAsync();

        await ToFindAsync(hidden, "orders", "not_owner");
        await ToFindAsync(refused, "gateway", "token_signature");
        Assert.Empty(window.Complaints);

        async Task ToFindAsync(HttpResponseMessage attack, string service, string reason)
        {
            var trace = await attack.TraceIdAsync();
            await window.Page.GotoAsync($"/structuredlogs?traceId={trace}");
            await ToSeeAsync(Row(window, window.Page.GetByText(reason)).Filter(new() { HasText = service }).First);
            await ToSeeAsync(window.Page.GetByText(trace[..7]).First);
        }
    }

    private static async Task<Guid> OrderAsync(Shopper alice)
    {
        using var found = await alice.GetAsync("/api/catalog/products?inStock=true&limit=1");
        using var placed = await alice.OrderAsync((await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid());
        return (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    /// <summary>By the link that AppHost shows.</summary>
    private async Task<Window> SignedInAsync()
    {
        var told = await shop.Run.UntilAsync("aspire-dashboard", state => state.Urls.Any(url => url.Url.Contains("?t=", StringComparison.Ordinal)));
        var link = new Uri(told.Snapshot.Urls.First(url => url.Url.Contains("?t=", StringComparison.Ordinal)).Url);
        var window = await chromium.OpenAsync(link, Tall);
        await window.Page.GotoAsync(link.AbsoluteUri);
        await ToSeeAsync(window.Page.GetByRole(AriaRole.Heading, new() { Name = "Resources" }).First);
        return window;
    }

    private static ILocator Row(Window window, ILocator with) => window.Page.GetByRole(AriaRole.Row).Filter(new() { Has = with });

    private static Task ToSeeAsync(ILocator what) => Assertions.Expect(what).ToBeVisibleAsync(new() { Timeout = Patience });

    // The list moves while telemetry comes in, and a click may meet a row that is just being replaced.
    private static async Task OpenAsync(Window window, ILocator row, string path)
    {
        for (var attempt = 0; attempt < 5 && !window.Page.Url.Contains(path, StringComparison.Ordinal); attempt++)
        {
            await row.ClickAsync(new() { Timeout = Patience });
            try
            {
                await window.Page.WaitForURLAsync($"**{path}*", new() { Timeout = 5_000 });
            }
            catch (TimeoutException)
            {
                // Again.
            }
        }

        Assert.Contains(path, window.Page.Url, StringComparison.Ordinal);
    }
}
