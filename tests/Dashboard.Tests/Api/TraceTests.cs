using System.Net;
using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Api;

public sealed class TraceTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public async Task A_trace_is_one_row_whoever_sent_its_spans_first()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.SpansAsync("catalog", [new(1, 3, 2, "SELECT") { Start = Noon.AddMilliseconds(20), Duration = TimeSpan.FromMilliseconds(10), Status = 2 }]);
        await sample.SpansAsync("catalog", [new(1, 2, 1, "GET /products") { Start = Noon.AddMilliseconds(10), Duration = TimeSpan.FromMilliseconds(40) }]);
        await sample.SpansAsync("gateway", [Server(1, 1, "GET /api/catalog", Noon, 60, 503)]);

        var answer = await dashboard.ReadAsync("/api/traces");

        var row = Assert.Single(answer.GetProperty("traces").EnumerateArray());
        Assert.Equal(("GET /api/catalog", "gateway", 503), (Text(row, "name"), Text(row, "resource"), row.GetProperty("statusCode").GetInt32()));
        Assert.Equal((3, true, 60.0), (row.GetProperty("spans").GetInt32(), row.GetProperty("error").GetBoolean(), row.GetProperty("duration").GetDouble()));
        Assert.Equal((Noon - DateTimeOffset.UnixEpoch).TotalMilliseconds, row.GetProperty("start").GetDouble());
        Assert.Equal(
            [("catalog", 2, 1), ("gateway", 1, 1)],
            row.GetProperty("services").EnumerateArray().Select(service => (Text(service, "resource")!, service.GetProperty("spans").GetInt32(), service.GetProperty("errors").GetInt32())));
        Assert.Equal((3, 3), (row.GetProperty("seq").GetInt32(), answer.GetProperty("last").GetInt32()));
    }

    [Theory]
    [InlineData("", "slow,failed,early")]
    [InlineData("resource=orders", "slow")]
    [InlineData("errors=true", "failed")]
    [InlineData("minDuration=100", "slow")]
    [InlineData("minDuration=1000.5", "")]
    [InlineData("text=EARL", "early")]
    [InlineData("text=/orders/", "slow")]
    [InlineData("text=00000000000000000000000000000bad", "failed")]
    [InlineData("limit=1", "slow")]
    [InlineData("before={slow}", "failed,early")]
    [InlineData("before={failed}&limit=1", "early")]
    [InlineData("after=1", "slow,failed")]
    [InlineData("after=4", "")]
    public async Task Every_filter_finds_what_it_says(string query, string expected)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.SpansAsync("gateway", [Server(1, 1, "early", Noon, 5, 200)]);
        await sample.SpansAsync("gateway", [Server(2, 1, "slow", Noon.AddSeconds(9), 500, 200)]);
        await sample.SpansAsync("orders", [Server(2, 2, "GET /orders/{id}", Noon.AddSeconds(9), 400, 200) with { Parent = 1 }]);
        await sample.SpansAsync("gateway", [Server(0xbad, 1, "failed", Noon.AddSeconds(5), 5, 500)]);
        var filled = query
            .Replace("{slow}", $"{(Noon.AddSeconds(9) - DateTimeOffset.UnixEpoch).TotalMilliseconds}", StringComparison.Ordinal)
            .Replace("{failed}", $"{(Noon.AddSeconds(5) - DateTimeOffset.UnixEpoch).TotalMilliseconds}", StringComparison.Ordinal);

        var answer = await dashboard.ReadAsync($"/api/traces?{filled}");

        Assert.Equal(expected, string.Join(',', answer.GetProperty("traces").EnumerateArray().Select(row => Text(row, "name"))));
    }

    [Fact]
    public async Task A_span_is_shown_with_everything_that_it_said()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.SpansAsync("gateway", [Server(0xa1, 1, "GET /", Noon, 60, 200)], "gateway-1");
        await sample.SpansAsync(
            "catalog",
            [
                new(0xa1, 2, 1, "SELECT")
                {
                    Kind = 3,
                    Start = Noon.AddMilliseconds(10),
                    Duration = TimeSpan.FromMilliseconds(4),
                    Status = 2,
                    StatusMessage = "timed out",
                    Attributes = new Dictionary<string, object?> { ["db.system.name"] = "postgresql" },
                    Events = [("exception", new Dictionary<string, object?> { ["exception.type"] = "E" })],
                    Links = [(0xb2, 3)],
                },
            ],
            "catalog-2",
            "Npgsql");
        await sample.LogsAsync("catalog", "category", [new("one") { Trace = 0xa1 }, new("two") { Trace = 0xa1 }, new("other") { Trace = 0xa2 }]);

        var trace = await dashboard.ReadAsync($"/api/traces/{0xa1:x32}");

        Assert.Equal((2, false, 60.0), (trace.GetProperty("logs").GetInt32(), trace.GetProperty("truncated").GetBoolean(), trace.GetProperty("duration").GetDouble()));
        var (root, query) = (trace.GetProperty("spans")[0], trace.GetProperty("spans")[1]);
        Assert.Equal(("server", "unset", "gateway-1"), (Text(root, "kind"), Text(root, "status"), Text(root, "instance")));
        Assert.False(root.TryGetProperty("parentId", out _));
        Assert.Equal(("0000000000000002", "0000000000000001", "client"), (Text(query, "spanId"), Text(query, "parentId"), Text(query, "kind")));
        Assert.Equal(("catalog", "catalog-2", "Npgsql", "error", "timed out"), (Text(query, "resource"), Text(query, "instance"), Text(query, "scope"), Text(query, "status"), Text(query, "statusMessage")));
        Assert.Equal("postgresql", Text(query.GetProperty("attributes"), "db.system.name"));
        Assert.Equal(("exception", "E"), (Text(query.GetProperty("events")[0], "name"), Text(query.GetProperty("events")[0].GetProperty("attributes"), "exception.type")));
        Assert.Equal(root.GetProperty("start").GetDouble() + 12, query.GetProperty("events")[0].GetProperty("time").GetDouble(), 3);
        Assert.Equal(($"{0xb2:x32}", "0000000000000003"), (Text(query.GetProperty("links")[0], "traceId"), Text(query.GetProperty("links")[0], "spanId")));
    }

    [Theory]
    [InlineData("00000000000000000000000000000001")]
    [InlineData("1")]
    [InlineData("zz000000000000000000000000000001")]
    public async Task A_trace_that_is_not_kept_is_not_found(string id)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        Assert.Equal(HttpStatusCode.NotFound, await dashboard.StatusOfAsync($"/api/traces/{id}"));
    }

    [Fact]
    public async Task Spans_without_an_id_are_rejected_and_counted()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();

        var answer = await sample.SendAsync("/v1/traces", OtlpWriter.Request("gateway", "gateway", [("scope", [new SampleSpan(0, 1, 0, "a").Write(), new SampleSpan(1, 0, 0, "b").Write(), new SampleSpan(1, 1, 0, "c").Write()])]));

        Assert.Equal(2, answer[3]);
        Assert.Equal("c", Text(Assert.Single((await dashboard.ReadAsync("/api/traces")).GetProperty("traces").EnumerateArray()), "name"));
    }

    private static SampleSpan Server(UInt128 trace, ulong id, string name, DateTimeOffset start, int milliseconds, int status) => new(trace, id, 0, name)
    {
        Start = start,
        Duration = TimeSpan.FromMilliseconds(milliseconds),
        Status = status >= 500 ? 2 : 0,
        Attributes = new Dictionary<string, object?> { ["http.route"] = name.Split(' ')[^1], ["http.response.status_code"] = status },
    };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
