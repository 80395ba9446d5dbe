using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SecureShop.Browsing;

/// <summary>A browser window with one page, which remembers what the page complained about.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private Window(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Errors on the page's console, exceptions, dialogs and violations of its content security policy, so far.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints];

    /// <summary>Its cookies and local storage, for other windows of the same person.</summary>
    public Task<string> SessionAsync() => context.StorageStateAsync();

    /// <summary>Ends the window and its cookies.</summary>
    public ValueTask DisposeAsync() => context.DisposeAsync();

    internal static async Task<Window> OpenAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        var window = new Window(context, page);

        // Chromium reports violations of the policy, also those of Trusted Types, as errors on the console.
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                window.complaints.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => window.complaints.Enqueue($"exception: {error}");

        // A script that came in as data would show itself so.
        page.Dialog += (_, dialog) =>
        {
            window.complaints.Enqueue($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        return window;
    }
}
