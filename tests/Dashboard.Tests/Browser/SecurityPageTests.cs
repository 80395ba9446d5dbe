using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
[Trait("Practice", "P33")]
public sealed class SecurityPageTests(SharedDashboard shared)
{
    [Fact]
    public async Task An_attack_is_counted_named_in_words_and_leads_to_its_trace_without_a_reload()
    {
        await using var window = await shared.OpenAsync("/security");
        var page = window.Page;
        var forged = page.Locator(".tile").Filter(new() { HasText = "Forged tokens" }).Locator("dd");
        await Assertions.Expect(forged).ToBeVisibleAsync();
        var before = int.Parse(await forged.InnerTextAsync(), System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);
        using var sample = new Sample(shared.Dashboard.Server.OtlpAddress, shared.Dashboard.Server.OtlpApiKey);

        await sample.LogsAsync("gateway", "SecureShop.Security",
            [SampleLog.Security(1002, "TokenRejected", "token_algorithm", ("Address", "192.0.2.99"), ("Route", "/api/orders"), ("Method", "GET")) with { Trace = Samples.Long, Span = 1 }]);

        await Assertions.Expect(forged).ToHaveTextAsync($"{before + 1}");
        var row = page.Locator(".event-row").Filter(new() { HasText = "192.0.2.99" });
        await Assertions.Expect(row).ToContainTextAsync("forbidden algorithm");
        await Assertions.Expect(page.Locator(".legend")).ToContainTextAsync("forged signature");
        await Assertions.Expect(page.Locator(".ranking").Filter(new() { HasText = "203.0.113.7" })).ToHaveCountAsync(1);
        Assert.Empty(window.Complaints);
        await row.Locator(".trace-link").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/traces/{Samples.Text(Samples.Long)}"));
    }

    [Fact]
    public async Task An_event_leads_to_its_record()
    {
        await using var window = await shared.OpenAsync("/security?minutes=60");

        await window.Page.Locator(".event-row .reason a").First.ClickAsync();

        await Assertions.Expect(window.Page.Locator(".details")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page).ToHaveURLAsync(new Regex("category=SecureShop.Security"));
    }

    [Fact]
    public async Task A_quiet_time_is_called_so()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await shared.StartAsync();
        await using var window = await shared.OpenStrangerAsync(dashboard);
        await window.Page.GotoAsync(dashboard.Server.LoginLink.ToString());
        await window.Page.Locator("#live[data-state=live]").WaitForAsync();

        await window.Page.GotoAsync("/security");
        await Assertions.Expect(window.Page.Locator(".calm")).ToContainTextAsync("Nothing was refused");
        foreach (var (path, words) in new[] { ("/console", "Nothing was written yet"), ("/logs", "No logs yet"), ("/traces", "No traces yet"), ("/metrics", "No metrics yet") })
        {
            await window.Page.GotoAsync(path);
            await Assertions.Expect(window.Page.Locator(".empty")).ToContainTextAsync(words);
        }

        Assert.Empty(window.Complaints);
    }
}
