using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class TracesPageTests(SharedDashboard shared)
{
    private const int MostRows = 120;

    [Fact]
    public async Task Of_ten_thousand_spans_every_trace_is_reached_with_a_screenful_of_rows()
    {
        await using var window = await shared.OpenAsync("/traces");
        var page = window.Page;
        await Assertions.Expect(page.Locator(".trace-row[data-id]").First).ToBeVisibleAsync();

        var most = await page.EvaluateAsync<int>(
            """
            async wanted => {
              const list = document.querySelector('.scroller');
              let most = 0;
              for (let i = 0; i < 400 && Number(list.ariaRowCount) < wanted; i++) {
                list.scrollTop = list.scrollHeight;
                await new Promise(done => setTimeout(done, 25));
                most = Math.max(most, document.querySelectorAll('.trace-row[data-id]').length);
              }
              return most;
            }
            """,
            Samples.Traces);

        Assert.InRange(most, 1, MostRows);
        Assert.InRange(int.Parse((await page.Locator(".scroller").GetAttributeAsync("aria-rowcount"))!, System.Globalization.CultureInfo.InvariantCulture), Samples.Traces, int.MaxValue);
        await page.GetByRole(AriaRole.Searchbox).FillAsync(Samples.Text(Samples.Long));
        await Assertions.Expect(page.Locator(".trace-row[data-id]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".trace-row[data-id]")).ToContainTextAsync("step 0");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_purchase_is_followed_through_its_services_to_its_statement()
    {
        await using var window = await shared.OpenAsync("/traces?q=orders");
        var page = window.Page;
        await page.Locator(".trace-row[data-id]").Filter(new() { HasText = "POST /api/orders" }).First.Locator(".what a").ClickAsync();

        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("POST /api/orders");
        foreach (var service in new[] { "gateway", "orders", "identity", "catalog" })
            await Assertions.Expect(page.Locator(".breakdown li").Filter(new() { HasText = service })).ToHaveCountAsync(1);
        await page.Locator(".span-row").Filter(new() { HasText = "UPDATE products" }).ClickAsync();
        await Assertions.Expect(page.Locator(".details")).ToContainTextAsync("postgresql");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("span=[0-9a-f]{16}"));
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".details h2")).ToHaveTextAsync("UPDATE products");
    }

    [Fact]
    public async Task A_waterfall_of_two_thousand_spans_draws_a_screenful_folds_and_is_walked_by_keyboard()
    {
        await using var window = await shared.OpenAsync($"/traces/{Samples.Text(Samples.Long)}");
        var page = window.Page;
        var rows = page.Locator(".span-row");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 5, MostRows);
        await Assertions.Expect(page.Locator(".waterfall")).ToHaveAttributeAsync("aria-rowcount", "2000");

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator(".span-row.selected")).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 5, MostRows);
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowLeft");

        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows).ToHaveAttributeAsync("aria-expanded", "false");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(rows.First).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(rows.Nth(1)).ToHaveAttributeAsync("aria-level", "2");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Only_what_failed_is_shown_when_that_is_asked()
    {
        await using var window = await shared.OpenAsync("/traces");
        var page = window.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Errors only" }).ClickAsync();

        await Assertions.Expect(page.Locator(".trace-row[data-id]").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".trace-row[data-id]").Filter(new() { HasNot = page.Locator(".status.bad") })).ToHaveCountAsync(0);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("errors=1"));
    }

    [Fact]
    public async Task A_trace_grows_while_it_is_looked_at()
    {
        var trace = new UInt128(0x3333333333333333, 7);
        using var sample = new Sample(shared.Dashboard.Server.OtlpAddress, shared.Dashboard.Server.OtlpApiKey);
        await sample.SpansAsync("gateway", [new SampleSpan(trace, 1, 0, "GET /late")]);
        await using var window = await shared.OpenAsync($"/traces/{Samples.Text(trace)}");
        await Assertions.Expect(window.Page.Locator(".span-row")).ToHaveCountAsync(1);

        await sample.SpansAsync("catalog", [new SampleSpan(trace, 2, 1, "GET /later")]);

        await Assertions.Expect(window.Page.Locator(".span-row")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_trace_that_is_not_kept_says_so()
    {
        await using var window = await shared.OpenAsync("/traces/00000000000000000000000000000abc");

        await Assertions.Expect(window.Page.Locator(".empty")).ToContainTextAsync("This trace is not kept");
    }
}
