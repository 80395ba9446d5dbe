using Microsoft.Playwright;

namespace SecureShop.Browsing;

/// <summary>What is wrong with a page for the people who read it (WCAG 2.2, level AA).</summary>
public static class PageAudit
{
    // Contrast is that of each piece of text with the nearest ground behind it: 4.5, or 3 where it is large (1.4.3), and 3 for the edge of a control (1.4.11).
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
          const check = (element, text) => {
            const style = getComputedStyle(element), size = parseFloat(style.fontSize);
            const pair = [light(parts(style.color)), light(ground(element))].sort((a, b) => b - a);
            const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
            if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5))
              faults.push(`contrast ${ratio.toFixed(2)}: ${text}`);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode())
            if (walker.currentNode.data.trim()) check(walker.currentNode.parentElement, walker.currentNode.data.trim());
          for (const input of document.querySelectorAll('input:not([type=hidden]), select')) {
            check(input, input.name);
            if (!input.labels.length) faults.push(`no label: ${input.name}`);
          }
          for (const image of document.images)
            if (!image.hasAttribute('alt') || !image.naturalWidth) faults.push(`image: ${image.src.slice(0, 40)}`);
          if (document.documentElement.scrollWidth > document.documentElement.clientWidth) faults.push('scrolls sideways');
          if (document.querySelectorAll('h1').length !== 1) faults.push('not one main heading');
          if (!document.documentElement.lang || !document.title) faults.push('no language or title');
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
        var faults = (await page.EvaluateAsync<string[]>(Looks)).ToList();
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
}
