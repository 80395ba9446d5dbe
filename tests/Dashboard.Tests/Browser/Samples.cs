using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.Dashboard.Tests.Browser;

/// <summary>What the pages show in these tests.</summary>
internal static class Samples
{
    /// <summary>As an attacker would have it in a log line: markup that runs where text is taken for markup.</summary>
    public const string Payload = """<img src=x onerror="alert(1)"><script>alert(2)</script><svg onload=alert(3)>""";

    /// <summary>Two things only the line in the middle of the console says.</summary>
    public const string Needle = "the needle in the haystack";

    public static Task FillAsync(StartedDashboard dashboard)
    {
        // By the back door: the front door lets in ten thousand lines a second, as it should.
        for (var i = 0; i < ConsoleHistory.MostLines; i++)
            Add(dashboard, "catalog", i == 30_000 ? Needle : $"12:00:00.000 info SecureShop.Catalog.Products: product {i} was read");
        dashboard.Console.Add("orders", "orders", $"12:00:01.000 fail SecureShop.Orders.Placement: {Payload} [0af7651916cd43dd8448eb211c80319c]");
        return Task.CompletedTask;
    }

    private static void Add(StartedDashboard dashboard, string resource, string text) =>
        dashboard.Console.Lines.Add(new ConsoleEntry(TimeProvider.System.GetUtcNow(), resource, $"{resource}-1", text));
}
