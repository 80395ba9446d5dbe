using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.Dashboard.Tests.Browser;

/// <summary>What the pages show in these tests: as much as they promise to bear.</summary>
internal static class Samples
{
    /// <summary>As an attacker would have it in telemetry: markup that runs where text is taken for markup.</summary>
    public const string Payload = """<img src=x onerror="alert(1)"><script>alert(2)</script><svg onload=alert(3)>""";

    /// <summary>What only one line, in the middle of the console, says.</summary>
    public const string Needle = "the needle in the haystack";

    public const int Traces = 2_000;

    public const int SpansOfLong = 2_000;

    public static readonly UInt128 Long = new(0x1111111111111111, 0x1111111111111111);

    public static readonly UInt128 Hostile = new(0x2222222222222222, 0x2222222222222222);

    public static async Task FillAsync(StartedDashboard dashboard)
    {
        // By the back door: the front door lets in ten thousand lines a second, as it should.
        for (var i = 0; i < ConsoleHistory.MostLines; i++)
            Add(dashboard, "catalog", i == 30_000 ? Needle : $"12:00:00.000 info SecureShop.Catalog.Products: product {i} was read");
        dashboard.Console.Add("orders", "orders", $"12:00:01.000 fail SecureShop.Orders.Placement: {Payload} [{Text(Hostile)}]");

        using var sample = new Sample(dashboard.Server.OtlpAddress, dashboard.Server.OtlpApiKey);
        var shop = new SampleShop(sample, TimeProvider.System);
        await shop.TracesAsync(Traces, TimeSpan.FromMinutes(2));
        await shop.LogsAsync(3_000, TimeSpan.FromMinutes(2));
        await shop.SecurityAsync(rounds: 10);
        await new SampleLoad(sample, TimeProvider.System).SendAsync();
        await LongTraceAsync(sample);
        await AttackAsync(sample);
    }

    public static string Text(UInt128 trace) => trace.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    private static void Add(StartedDashboard dashboard, string resource, string text) =>
        dashboard.Console.Lines.Add(new ConsoleEntry(TimeProvider.System.GetUtcNow(), resource, $"{resource}-1", text));

    // A chain of a hundred, each link with twenty below it.
    private static Task LongTraceAsync(Sample sample)
    {
        var start = TimeProvider.System.GetUtcNow();
        return sample.SpansAsync("catalog", Enumerable.Range(0, SpansOfLong).Select(i => new SampleSpan(Long, (ulong)i + 1, Parent(i), $"step {i}")
        {
            Start = start + TimeSpan.FromMilliseconds(i),
            Duration = TimeSpan.FromMilliseconds(SpansOfLong + 10 - i),
        }));
    }

    private static ulong Parent(int i) => i == 0 ? 0 : i % 20 == 0 ? (ulong)i - 19 : (ulong)(i - (i % 20)) + 1;

    private static async Task AttackAsync(Sample sample)
    {
        var hostile = new Dictionary<string, object?> { [Payload] = Payload, ["db.query.text"] = $"SELECT '{Payload}'", ["url.full"] = "javascript:alert(4)" };
        await sample.SpansAsync("orders", [new SampleSpan(Hostile, 1, 0, Payload) { Attributes = hostile, Status = 2, StatusMessage = Payload, Events = [(Payload, hostile)] }], Payload, Payload);
        await sample.LogsAsync("orders", Payload, [new SampleLog(Payload) { EventName = Payload, Severity = 17, Trace = Hostile, Span = 1, Attributes = new Dictionary<string, object?>(hostile) { ["exception.type"] = Payload, ["exception.message"] = Payload, ["exception.stacktrace"] = Payload } }], Payload);
        await sample.LogsAsync("orders", "SecureShop.Security",
            [SampleLog.Security(1003, "OwnershipRefused", "not_owner", ("Subject", Payload), ("Client", Payload), ("Address", Payload), ("Route", Payload), ("Method", Payload)) with { Trace = Hostile, Span = 1 }]);
    }
}
