using Microsoft.Playwright;
using SecureShop.Browsing;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(SharedDashboard shared)
{
    private static readonly string[] Pages = ["/", "/resources/catalog", "/console", "/logs", "/logs?trace=22222222222222222222222222222222&log=1", "/traces", "/traces/22222222222222222222222222222222?span=0000000000000001", "/metrics", "/security"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_page_has_a_finding_in_either_theme_and_none_scrolls_sideways(bool phone)
    {
        await using var window = await shared.OpenAsync("/", phone ? ChromiumFixture.Phone : null);
        var page = window.Page;
        var findings = new List<string>();
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            await page.Locator("h1").WaitForAsync();
            await page.Locator("#live[data-state=live]").WaitForAsync();
            foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await page.EmulateMediaAsync(new() { ColorScheme = colours });
                findings.AddRange((await Axe.ViolationsAsync(page)).Select(finding => $"{path}, {colours}: {finding}"));
            }

            var wider = await page.EvaluateAsync<int>("() => Math.max(...[document.documentElement, document.querySelector('main'), ...document.querySelectorAll('.table-wrap:has(.resources)')].map(box => box.scrollWidth - box.clientWidth))");
            if (wider > 0)
                findings.Add($"{path}: {wider} px wider than the window");
        }

        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
    }
}
