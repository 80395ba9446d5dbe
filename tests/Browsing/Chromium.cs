using Microsoft.Playwright;

namespace SecureShop.Browsing;

/// <summary>Finds the browser, or has it fetched.</summary>
public static class Chromium
{
    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge", "chrome.exe", "msedge.exe"];

    private static readonly string[] Places =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    // Nothing that talks to the outside: the tests are about this machine, and a closed network must not slow them.
    private static readonly string[] Quiet =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>Starts a browser of this machine, or else one that Playwright fetches.</summary>
    /// <exception cref="InvalidOperationException">There is none and none can be fetched; the message names the command that installs one.</exception>
    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        ArgumentNullException.ThrowIfNull(playwright);
        if (Installed() is { } path)
            return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Quiet });
        try
        {
            return await playwright.Chromium.LaunchAsync(new() { Args = Quiet });
        }
        catch (PlaywrightException)
        {
            // Not fetched yet, or its libraries are missing: the second try tells which.
        }

        // The driver fetches the build that it was made for into its own cache; it gives up by itself where it cannot.
        var code = await Task.Run(() => Microsoft.Playwright.Program.Main(["install", "--only-shell", "chromium"]));
        try
        {
            return await playwright.Chromium.LaunchAsync(new() { Args = Quiet });
        }
        catch (PlaywrightException problem)
        {
            throw new InvalidOperationException(
                $"No Chromium: none is installed, and fetching one ended with code {code}. Install it with: {InstallCommand}", problem);
        }
    }

    private static string InstallCommand => OperatingSystem.IsMacOS() ? "brew install --cask chromium"
        : OperatingSystem.IsWindows() ? "winget install Google.Chrome"
        : "sudo apt-get install --yes chromium";

    private static string? Installed()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } chosen)
            return chosen;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).Concat(Places).FirstOrDefault(File.Exists);
    }
}
