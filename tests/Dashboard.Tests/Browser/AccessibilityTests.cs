using Microsoft.Playwright;
using SecureShop.Browsing;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(SharedDashboard shared)
{
    private static readonly string[] Pages = ["/", "/resources/catalog", "/console", "/logs", "/logs?trace=22222222222222222222222222222222&log=1", "/traces", "/traces/22222222222222222222222222222222?span=0000000000000001", "/metrics", "/security"];

    public static TheoryData<ColorScheme, bool> Looks => new() { { ColorScheme.Light, false }, { ColorScheme.Dark, false }, { ColorScheme.Light, true }, { ColorScheme.Dark, true } };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task No_page_has_a_finding_and_none_scrolls_sideways(ColorScheme colours, bool phone)
    {
        await using var window = await shared.OpenAsync("/", phone ? ChromiumFixture.Phone : null, colours);
        var findings = new List<string>();
        foreach (var path in Pages)
        {
            await window.Page.GotoAsync(path);
            await window.Page.Locator("h1").WaitForAsync();
            await window.Page.Locator("#live[data-state=live]").WaitForAsync();
            findings.AddRange((await Axe.ViolationsAsync(window.Page)).Select(finding => $"{path}: {finding}"));
            var wider = await window.Page.EvaluateAsync<int>("() => Math.max(document.documentElement.scrollWidth - innerWidth, document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)");
            if (wider > 0)
                findings.Add($"{path}: {wider} px wider than the window");
        }

        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
    }
}
