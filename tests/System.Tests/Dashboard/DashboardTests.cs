using System.Globalization;
using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Dashboard;

/// <summary>What the dashboard shows of the running shop, page by page, in a real browser.</summary>
public sealed class DashboardTests(WatchedShop watched) : IClassFixture<WatchedShop>
{
    // Milliseconds. Services send what they have once a second; the rest is for a machine that does much else.
    private const float Patience = 20_000;

    [Fact]
    public async Task Resources_are_healthy_and_their_addresses_are_links()
    {
        await using var window = await watched.OpenAsync("/");
        foreach (var name in (string[])["postgres", "redis", "gateway", "identity", "catalog", "orders"])
            await ToSee(Row(window, name).GetByText("Healthy"));
        await ToSee(Row(window, "database").GetByText("Finished"));
        await ToSee(Row(window, "gateway").Locator($"a[href='{watched.Shop.GetLeftPart(UriPartial.Authority)}']"));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_console_shows_what_a_service_wrote_and_finds_in_it()
    {
        await using var window = await watched.OpenAsync("/console/identity?q=Locked+out");
        await ToSee(window.Page.GetByText(watched.Victim).First);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_purchase_is_one_trace_from_the_gateway_to_the_SQL()
    {
        await using var window = await watched.OpenAsync("/traces?q=POST+/api/orders");
        await window.Page.Locator(".trace-row:not(.head)").Filter(new() { HasText = "201" }).GetByRole(AriaRole.Link).First.ClickAsync();

        var spans = window.Page.GetByRole(AriaRole.Treegrid, new() { Name = "Spans" });
        foreach (var service in (string[])["gateway", "orders", "catalog"])
            await ToSee(spans.GetByText(service, new() { Exact = true }).First);
        await spans.GetByRole(AriaRole.Row).Filter(new() { HasText = "INSERT" }).First.ClickAsync();
        var details = window.Page.GetByRole(AriaRole.Complementary, new() { Name = "Span" });
        await ToSee(details.GetByText("db.query.text"));
        await ToSee(details.GetByText("INSERT INTO").First);
        await details.Locator("a[href^='/logs?trace=']").First.ClickAsync();
        await window.Page.GetByRole(AriaRole.Heading, new() { Name = "Logs", Level = 1 }).WaitForAsync();
        Assert.Contains("trace=", window.Page.Url, StringComparison.Ordinal);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_forged_token_is_found_by_the_trace_id_of_its_refusal()
    {
        await using var window = await watched.OpenAsync($"/logs?trace={watched.ForgedTokenTrace}");
        await window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "TokenRejected" }).First.ClickAsync();
        await ToSee(window.Page.GetByText("token_signature").First);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "See its trace" }).ClickAsync();
        await ToSee(window.Page.GetByRole(AriaRole.Treegrid, new() { Name = "Spans" }).GetByText("gateway", new() { Exact = true }).First);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P16")]
    public async Task A_look_at_another_customers_order_leaves_an_event_and_a_trace()
    {
        await using var window = await watched.OpenAsync($"/logs?trace={watched.OthersOrderTrace}");
        await ToSee(window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "OwnershipRefused" }).First);
        await window.Page.GotoAsync($"/traces/{watched.OthersOrderTrace}");
        await ToSee(window.Page.GetByRole(AriaRole.Treegrid, new() { Name = "Spans" }).GetByText("SELECT").First);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P22")]
    public async Task A_payload_in_the_search_stays_a_parameter()
    {
        await watched.SearchWithPayloadAsync();
        await using var window = await watched.OpenAsync("/traces?q=/api/catalog/products");
        await window.Page.Locator(".trace-row:not(.head)").First.GetByRole(AriaRole.Link).First.ClickAsync();
        await window.Page.GetByRole(AriaRole.Treegrid, new() { Name = "Spans" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "SELECT" }).First.ClickAsync();
        var details = window.Page.GetByRole(AriaRole.Complementary, new() { Name = "Span" });
        await ToSee(details.GetByText("db.query.text"));
        Assert.DoesNotContain("password_hash", await details.InnerTextAsync(), StringComparison.OrdinalIgnoreCase);

        await window.Page.GotoAsync("/logs?q=password_hash");
        await ToSee(window.Page.GetByText("No record fits"));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task The_security_page_names_each_attack_and_moves_by_itself()
    {
        await using var window = await watched.OpenAsync("/security");
        foreach (var name in (string[])["forged signature", "belongs to another", "wrong password", "locked out"])
            await ToSee(window.Page.Locator("main").GetByText(name).First);
        await ToSee(window.Page.Locator("main").GetByText(watched.Victim[..8]).First);

        var trace = await watched.ForgeAsync();
        await ToSee(window.Page.Locator($"main a[href*='{trace}']").First);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Metrics_of_the_shop_itself_can_be_split()
    {
        await using var window = await watched.OpenAsync("/metrics?resource=gateway&meter=SecureShop&name=secureshop.refusals&by=reason");
        await ToSee(window.Page.GetByRole(AriaRole.Button, new() { Name = "token_signature" }));
        await ToSee(window.Page.GetByRole(AriaRole.Button, new() { Name = "no_credential" }));
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_service_is_restarted_from_its_row()
    {
        await using var window = await watched.OpenAsync("/");
        var row = Row(window, "identity");
        var restarts = int.Parse(await row.Locator("[data-label=Restarts]").InnerTextAsync(), CultureInfo.InvariantCulture);
        await row.GetByRole(AriaRole.Button, new() { Name = "Restart identity" }).ClickAsync();
        await Assertions.Expect(row.Locator("[data-label=Restarts]")).ToHaveTextAsync($"{restarts + 1}", new() { Timeout = Patience });
        await ToSee(row.GetByText("Healthy"));
        await watched.FindIssuerAsync();
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task No_answer_holds_a_secret_that_was_made_for_this_run()
    {
        await using var window = await watched.OpenAsync("/");
        var resources = (await watched.AskAsync(window, "/api/resources")).GetProperty("resources").EnumerateArray().Select(one => one.GetProperty("name").GetString()!);
        var ledger = new SecretLedger();
        ledger.RememberGenerated(watched.Run);
        ledger.Remember("the key of the receiver", watched.Run.Ready.Dashboard!.OtlpApiKey);
        var search = new SecretSearch(ledger.Secrets);

        foreach (var path in (string[])[.. resources.Select(name => $"/api/resources/{name}"), "/api/console?limit=2000", "/api/logs?limit=1000", "/api/traces?limit=500", "/api/security"])
            Assert.Empty(search.In((await watched.AskAsync(window, path)).GetRawText()));

        // The variables are there, with their values taken out.
        var orders = await watched.AskAsync(window, "/api/resources/orders");
        Assert.Contains(orders.GetProperty("environment").EnumerateArray(), variable => variable.GetProperty("secret").GetBoolean());
        Assert.Contains("Username=orders_app", orders.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/resources/orders")]
    [InlineData("/console")]
    [InlineData("/logs")]
    [InlineData("/traces")]
    [InlineData("/metrics")]
    [InlineData("/security")]
    public async Task A_page_full_of_real_data_is_accessible(string path)
    {
        foreach (var colours in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var window = await watched.OpenAsync(path, colours: colours);
            await window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).WaitForAsync();
            Assert.Empty(await Axe.ViolationsAsync(window.Page));
            Assert.Empty(window.Complaints);
        }
    }

    [Fact]
    public async Task A_stranger_sees_nothing_and_a_used_link_opens_nothing()
    {
        await using var window = await watched.OpenAsStrangerAsync();
        var page = await window.Page.GotoAsync("/security");
        Assert.Equal(401, page!.Status);
        var answer = await window.Page.APIRequest.GetAsync(new Uri(watched.Address, "/api/logs").AbsoluteUri);
        Assert.Equal(401, answer.Status);
    }

    private static ILocator Row(Window window, string resource) => window.Page.Locator($"tr[data-name={resource}]");

    private static Task ToSee(ILocator what) => Assertions.Expect(what).ToBeVisibleAsync(new() { Timeout = Patience });
}
