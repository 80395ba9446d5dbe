using Microsoft.Playwright;

namespace SecureShop.Dashboard.Tests.Browser;

/// <summary>Telemetry holds what attackers send. Whoever reads it is an engineer with a session that can stop the shop.</summary>
[Collection(BrowserCollection.Name)]
public sealed class StoredScriptTests(SharedDashboard shared)
{
    [Theory]
    [Trait("Practice", "P24")]
    [InlineData("/console/orders", ".line")]
    [InlineData("/logs?q=onerror", ".log[data-seq] .message")]
    [InlineData("/logs?trace=22222222222222222222222222222222", ".log[data-seq] .message")]
    [InlineData("/traces?q=onerror", ".trace-row[data-id] .what")]
    [InlineData("/traces/22222222222222222222222222222222", ".span-name")]
    [InlineData("/traces/22222222222222222222222222222222?span=0000000000000001", ".details")]
    [InlineData("/security", ".event-row .from")]
    public async Task Markup_in_telemetry_is_shown_as_text(string path, string where)
    {
        await using var window = await shared.OpenAsync(path);

        await Assertions.Expect(window.Page.Locator(where).Filter(new() { HasText = "<img src=x" }).First).ToBeVisibleAsync();

        await NothingRanAsync(window.Page);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task Markup_in_a_record_and_its_exception_is_shown_as_text()
    {
        await using var window = await shared.OpenAsync("/logs?q=onerror&level=error");

        await window.Page.Locator(".log[data-seq] .message").First.ClickAsync();

        await Assertions.Expect(window.Page.Locator(".details h2")).ToContainTextAsync("<script>alert(2)</script>");
        await Assertions.Expect(window.Page.Locator(".details pre")).ToContainTextAsync("<svg onload=alert(3)>");
        await NothingRanAsync(window.Page);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task An_endpoint_that_is_a_script_is_no_link()
    {
        await using var window = await shared.OpenAsync("/");
        var host = shared.Dashboard.Host;
        var before = host.Resources;
        try
        {
            host.Resources = [before[0] with { Endpoints = [new("https", "javascript:alert(5)", true)], LastProblem = Samples.Payload }];
            shared.Dashboard.Server.ResourcesChanged();

            await Assertions.Expect(window.Page.Locator(".endpoints").First).ToContainTextAsync("javascript:alert(5)");
            await Assertions.Expect(window.Page.Locator("a[href^='javascript' i]")).ToHaveCountAsync(0);
            await NothingRanAsync(window.Page);
        }
        finally
        {
            host.Resources = before;
            shared.Dashboard.Server.ResourcesChanged();
        }
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task The_page_may_not_turn_text_into_markup_even_if_it_wanted_to()
    {
        await using var window = await shared.OpenAsync("/");

        // Evaluated as the page itself would: the positive control of the tests above.
        var refused = await window.Page.EvaluateAsync<bool>("() => { try { document.createElement('div').innerHTML = '<b>x</b>'; return false; } catch (error) { return error instanceof TypeError; } }");

        Assert.True(refused);
        Assert.Contains(window.Complaints, complaint => complaint.Contains("TrustedHTML", StringComparison.Ordinal));
    }

    private static async Task NothingRanAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("main img, main script, main svg[onload], main [onerror]")).ToHaveCountAsync(0);
    }
}
