using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Api;

public sealed class LogTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch.AddDays(20_000).AddMilliseconds(1.5);

    [Fact]
    public async Task A_record_is_shown_whole()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.LogsAsync(
            "orders",
            "SecureShop.Orders",
            [
                new("Order 5 failed")
                {
                    Time = Time,
                    Severity = 17,
                    EventId = 9,
                    EventName = "OrderFailed",
                    Trace = 0xabc,
                    Span = 0xdef,
                    Attributes = new Dictionary<string, object?>
                    {
                        ["Number"] = 5,
                        ["Large"] = long.MaxValue,
                        ["Share"] = 0.25,
                        ["Yes"] = true,
                        ["List"] = new object[] { "a", 1 },
                        ["Bytes"] = new byte[] { 1, 2, 3 },
                        ["exception.type"] = "System.Exception",
                        ["exception.stacktrace"] = "System.Exception: no\n   at Here()",
                    },
                },
            ],
            "orders-2");

        var log = (await dashboard.ReadAsync("/api/logs")).GetProperty("logs")[0];

        Assert.Equal((Time - DateTimeOffset.UnixEpoch).TotalMilliseconds, log.GetProperty("time").GetDouble(), 3);
        Assert.Equal(("orders", "orders-2", "SecureShop.Orders"), (Text(log, "resource"), Text(log, "instance"), Text(log, "category")));
        Assert.Equal(("error", 9, "OrderFailed"), (Text(log, "level"), log.GetProperty("eventId").GetInt32(), Text(log, "eventName")));
        Assert.Equal(("00000000000000000000000000000abc", "0000000000000def"), (Text(log, "traceId"), Text(log, "spanId")));
        Assert.Equal("System.Exception: no\n   at Here()", Text(log, "exception"));
        var attributes = log.GetProperty("attributes");
        Assert.Equal(("5", "9223372036854775807", "0.25", "true"), (Text(attributes, "Number"), Text(attributes, "Large"), Text(attributes, "Share"), Text(attributes, "Yes")));
        Assert.Equal(("[a, 1]", "AQID"), (Text(attributes, "List"), Text(attributes, "Bytes")));
        Assert.False(attributes.TryGetProperty("exception.type", out _));
    }

    [Theory]
    [InlineData("", "info,warn,error,signed,refused")]
    [InlineData("level=warning", "warn,error,refused")]
    [InlineData("level=critical", "")]
    [InlineData("resource=orders", "warn,error")]
    [InlineData("text=WAR", "warn")]
    [InlineData("text=signedin", "signed")]
    [InlineData("category=SecureShop.Orders", "warn,error")]
    [InlineData("category=SecureShop", "")]
    [InlineData("event=SignedIn", "signed")]
    [InlineData("event=1003", "refused")]
    [InlineData("security=true", "signed,refused")]
    [InlineData("security=false", "info,warn,error,signed,refused")]
    [InlineData("trace=00000000000000000000000000000007", "warn,error")]
    [InlineData("trace=00000000000000000000000000000007&span=0000000000000002", "error")]
    [InlineData("level=warning&resource=orders&text=err&limit=1", "error")]
    [InlineData("limit=2", "signed,refused")]
    [InlineData("after=1&limit=2", "warn,error")]
    [InlineData("before=3&limit=1", "warn")]
    public async Task Every_filter_finds_what_it_says(string query, string expected)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.LogsAsync("gateway", "SecureShop.Gateway", [new("info")]);
        await sample.LogsAsync("orders", "SecureShop.Orders", [new("warn") { Severity = 13, Trace = 7, Span = 1 }, new("error") { Severity = 17, Trace = 7, Span = 2 }]);
        await sample.LogsAsync("identity", "SecureShop.Security",
        [
            SampleLog.Security(4001, "SignedIn", null) with { Message = "signed" },
            SampleLog.Security(1003, "OwnershipRefused", "not_owner") with { Message = "refused" },
        ]);

        var answer = await dashboard.ReadAsync($"/api/logs?{query}");

        Assert.Equal(expected, string.Join(',', answer.GetProperty("logs").EnumerateArray().Select(log => Text(log, "message"))));
        Assert.Equal(["SecureShop.Gateway", "SecureShop.Orders", "SecureShop.Security"], answer.GetProperty("categories").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["OwnershipRefused", "SignedIn"], answer.GetProperty("events").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData("event.id", "event.name")]
    [InlineData("logrecord.event.id", "logrecord.event.name")]
    [InlineData("Id", "Name")]
    [InlineData("EventId", "event.name")]
    public async Task An_event_is_known_by_each_name_that_exporters_gave_it(string id, string name)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.LogsAsync("identity", "SecureShop.Security", [new("m") { Attributes = new Dictionary<string, object?> { [id] = 4001, [name] = "SignedIn" } }]);

        var log = (await dashboard.ReadAsync("/api/logs")).GetProperty("logs")[0];

        Assert.Equal((4001, "SignedIn"), (log.GetProperty("eventId").GetInt32(), Text(log, "eventName")));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
