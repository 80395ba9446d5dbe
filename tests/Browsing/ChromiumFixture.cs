using Microsoft.Playwright;
using Xunit;

namespace SecureShop.Browsing;

/// <summary>One browser for all tests of an assembly; each test takes a window with cookies of its own.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    /// <summary>A usual desktop.</summary>
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 800 };

    /// <summary>A usual phone.</summary>
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Starts the browser.</summary>
    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(15_000);
        playwright = await Playwright.CreateAsync();
        browser = await Chromium.LaunchAsync(playwright);
    }

    /// <summary>Opens a window at an origin.</summary>
    /// <param name="at">The origin, which relative addresses are meant against.</param>
    /// <param name="size">The window's size; <see cref="Desktop"/> unless told.</param>
    /// <param name="colours">What the person prefers.</param>
    /// <param name="session">The cookies of another window (<see cref="Window.SessionAsync"/>); none unless told.</param>
    public async Task<Window> OpenAsync(Uri at, ViewportSize? size = null, ColorScheme colours = ColorScheme.Light, string? session = null)
    {
        ArgumentNullException.ThrowIfNull(at);
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = at.GetLeftPart(UriPartial.Authority),
            ViewportSize = size ?? Desktop,
            ColorScheme = colours,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = session,

            // The browser keeps a trust store of its own. Whether certificates hold is proved by other tests.
            IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(15_000);
        return await Window.OpenAsync(context);
    }

    /// <summary>Ends the browser.</summary>
    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
