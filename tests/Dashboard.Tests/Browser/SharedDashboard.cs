using Microsoft.Playwright;
using SecureShop.Browsing;
using SecureShop.Dashboard.Tests.Browser;
using SecureShop.Dashboard.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedDashboard))]

namespace SecureShop.Dashboard.Tests.Browser;

/// <summary>One dashboard full of data and one browser for all tests of the pages: starting either costs more than a test.</summary>
public sealed class SharedDashboard : IAsyncLifetime
{
    private readonly ChromiumFixture _chromium = new();
    private readonly SemaphoreSlim _once = new(1);
    private StartedDashboard? _dashboard;
    private string? _session;

    public StartedDashboard Dashboard => _dashboard!;

    public ValueTask InitializeAsync() => default;

    /// <summary>Opens a page as somebody who has signed in, and waits until it is drawn.</summary>
    public async Task<Window> OpenAsync(string path, ViewportSize? size = null, ColorScheme colours = ColorScheme.Light)
    {
        await StartAsync();
        var window = await _chromium.OpenAsync(Dashboard.Server.Address, size, colours, _session);
        await window.Page.GotoAsync(path);
        await window.Page.Locator("#live[data-state=live]").WaitForAsync();
        return window;
    }

    /// <summary>Opens a window at another dashboard, which nobody is signed in with unless a session is handed over.</summary>
    public Task<Window> OpenStrangerAsync(StartedDashboard dashboard, string? session = null) => _chromium.OpenAsync(dashboard.Server.Address, session: session);

    /// <summary>Not at the start of the assembly: whoever runs one other test wants no browser for it.</summary>
    public async Task StartAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_session is not null)
                return;
            await _chromium.InitializeAsync();
            _dashboard = await StartedDashboard.StartAsync(change: options => options with { SpansPerSecond = int.MaxValue, RecordsPerSecond = int.MaxValue });
            await Samples.FillAsync(_dashboard);
            await using var window = await OpenStrangerAsync(_dashboard);
            await window.Page.GotoAsync(_dashboard.Server.LoginLink.ToString());
            await window.Page.Locator("#live[data-state=live]").WaitForAsync();
            _session = await window.SessionAsync();
        }
        finally
        {
            _once.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();
        _once.Dispose();
    }
}
