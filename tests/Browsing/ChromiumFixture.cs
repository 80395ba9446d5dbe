using Microsoft.Playwright;

namespace SecureShop.Browsing;

/// <summary>
/// One browser for all tests of an assembly, <c>[assembly: AssemblyFixture(typeof(ChromiumFixture))]</c>, or of a class where the assembly looks
/// for processes that are left; started when the first test wants it. Each test takes a window with cookies of its own.
/// </summary>
public sealed class ChromiumFixture : IAsyncDisposable
{
    /// <summary>A usual desktop.</summary>
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 800 };

    /// <summary>A usual phone.</summary>
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    private readonly Lazy<Task<Running>> running = new(StartAsync);

    /// <summary>Opens a window at an origin.</summary>
    /// <param name="at">The origin, which relative addresses are meant against.</param>
    /// <param name="size">The window's size; <see cref="Desktop"/> unless told.</param>
    /// <param name="colours">What the person prefers.</param>
    /// <param name="session">The cookies of another window (<see cref="Window.SessionAsync"/>); none unless told.</param>
    public async Task<Window> OpenAsync(Uri at, ViewportSize? size = null, ColorScheme colours = ColorScheme.Light, string? session = null)
    {
        ArgumentNullException.ThrowIfNull(at);
        var (_, browser) = await running.Value;
        var context = await browser.NewContextAsync(new()
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
        if (!running.IsValueCreated)
            return;
        var (playwright, browser) = await running.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static async Task<Running> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout(15_000);
        var playwright = await Playwright.CreateAsync();
        try
        {
            return new(playwright, await Chromium.LaunchAsync(playwright));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    private sealed record Running(IPlaywright Playwright, IBrowser Browser);
}
