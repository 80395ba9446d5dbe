using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SecureShop.Browsing;

/// <summary>What is wrong with a page for the people who read it (WCAG 2.2, level AA, and what axe-core calls best practice).</summary>
public static class PageAudit
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    // What axe-core does not look at: that nothing is wider than the window (1.4.10), that pictures have arrived, 3 for the edge of a
    // control (1.4.11), and 24 px for its height, also where there is room around it (2.5.8 would let that pass).
    private const string Looks = """
        () => {
          const faults = [];
          const parts = colour => (colour.match(/[\d.]+/g) ?? []).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = parts(getComputedStyle(at).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return [255, 255, 255];
          };
          for (const image of document.images)
            if (!image.naturalWidth) faults.push(`image: ${image.src.slice(0, 40)}`);
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push('scrolls sideways');
          for (const control of [...document.querySelectorAll('button, .button, input:not([type=hidden]), select')].filter(control => control.checkVisibility())) {
            const around = light(ground(control.parentElement));
            const look = getComputedStyle(control);
            const edge = [look.borderTopColor, look.backgroundColor, look.outlineStyle === 'none' ? 'rgba(0, 0, 0, 0)' : look.outlineColor]
              .map(parts).filter(colour => colour.length === 3).map(light).map(l => (Math.max(l, around) + 0.05) / (Math.min(l, around) + 0.05));
            if (!edge.some(ratio => ratio >= 3)) faults.push(`edge: ${control.name || control.textContent}`);
            if (control.getBoundingClientRect().height < 24) faults.push(`small target: ${control.textContent}`);
          }
          return faults;
        }
        """;

    // What is folded away is none until it is opened.
    private const string All = "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')].filter(control => control.checkVisibility())";

    private const string Controls = $"() => {All}.length";

    private const string Focused = $$"""
        () => {
          const at = document.activeElement;
          if (!at || at === document.body) return null;
          const all = {{All}};
          return getComputedStyle(at).outlineStyle === 'none' ? 'invisible' : String(all.indexOf(at));
        }
        """;

    /// <summary>Reads the page that is open and goes through it by the keyboard; nothing where all is well.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        await SaveAsync(page);
        var read = await page.RunAxe(Rules);
        var faults = read.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id} ({rule.Impact}): {node.Html}"))
            .Concat(await page.EvaluateAsync<string[]>(Looks)).ToList();
        var controls = await page.EvaluateAsync<int>(Controls);
        var reached = new HashSet<string>(StringComparer.Ordinal);
        for (var press = 0; press < controls + 2; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>(Focused) is { } control)
                reached.Add(control);
        }

        if (reached.Remove("invisible"))
            faults.Add("the focus is not to be seen");
        if (reached.Count != controls)
            faults.Add($"the keyboard reaches {reached.Count} of {controls} controls");
        return faults;
    }

    // For eyes: with SCREENSHOTS=<folder> every page that is read is a picture there.
    private static async Task SaveAsync(IPage page)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var name = new Uri(page.Url).AbsolutePath.Trim('/').Replace('/', '-');
        var dark = await page.EvaluateAsync<bool>("() => matchMedia('(prefers-color-scheme: dark)').matches");
        var kind = $"{(page.ViewportSize?.Width < 600 ? "phone" : "desktop")}-{(dark ? "dark" : "light")}";
        for (var number = 1; ; number++)
        {
            var file = Path.Combine(folder, $"{(name.Length == 0 ? "start" : name)}-{kind}-{number}.png");
            if (File.Exists(file))
                continue;
            await page.ScreenshotAsync(new() { Path = file, FullPage = true });
            return;
        }
    }
}
