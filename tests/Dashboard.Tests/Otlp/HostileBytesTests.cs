using System.Net;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Otlp;

/// <summary>Bytes that are not what they say: refused or read, never a failure, never kept without bound.</summary>
[Trait("Practice", "P33")]
public sealed class HostileBytesTests
{
    private static readonly string[] Paths = ["/v1/traces", "/v1/metrics", "/v1/logs"];

    [Fact]
    public async Task A_message_that_is_cut_is_refused_wherever_it_is_cut()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        foreach (var (path, message) in Whole())
        {
            for (var length = 1; length < message.Length; length++)
            {
                using var answer = await sample.PostAsync(path, message[..length]);
                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{path} cut to {length} bytes: {answer.StatusCode}");
            }

            Assert.Empty(await sample.SendAsync(path, message));
        }

        await AssertUnharmedAsync(dashboard);
    }

    [Fact]
    public async Task Bytes_by_chance_are_refused_or_read()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        var random = new RepeatableBytes(42);
        foreach (var (path, message) in Whole())
        {
            for (var round = 0; round < 300; round++)
            {
                // All by chance, or a good message with a few bytes changed: those come further.
                var bytes = round % 3 == 0 ? random.Next(round + 1) : [.. message];
                for (var change = 0; change < 3; change++)
                    bytes[random.Next(bytes.Length, 0)] = (byte)random.Next(256, 0);
                using var answer = await sample.PostAsync(path, bytes);
                Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadRequest });
            }
        }

        await AssertUnharmedAsync(dashboard);
    }

    [Theory]
    [InlineData("0affffffff0f")]
    [InlineData("0affffffffffffffff7f")]
    [InlineData("0affffffffffffffffff01")]
    [InlineData("0a80808080808080808080")]
    [InlineData("0b0c")]
    [InlineData("0000")]
    [InlineData("07")]
    [InlineData("f8ffffffffffffffff01")]
    [InlineData("0a020aff")]
    [InlineData("0a041202ffff")]
    public async Task Lengths_and_tags_that_lie_are_refused(string hex)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        foreach (var path in Paths)
        {
            using var answer = await sample.PostAsync(path, Convert.FromHexString(hex));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        await AssertUnharmedAsync(dashboard);
    }

    [Fact]
    public async Task A_value_in_a_value_in_a_value_is_not_followed_for_ever()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        object? nested = "deep";
        for (var depth = 0; depth < 1_000; depth++)
            nested = depth % 2 == 0 ? new[] { nested } : new Dictionary<string, object?> { ["k"] = nested };

        await sample.SpansAsync("gateway", [new(5, 6, 0, "nested") { Attributes = new Dictionary<string, object?> { ["n"] = nested } }]);
        await sample.LogsAsync("gateway", "category", [new("nested") { Attributes = new Dictionary<string, object?> { ["n"] = nested } }]);

        var spans = (await dashboard.ReadAsync($"/api/traces/{5:x32}")).GetProperty("spans");
        Assert.Contains("…", spans[0].GetProperty("attributes").GetProperty("n").GetString(), StringComparison.Ordinal);
        await AssertUnharmedAsync(dashboard);
    }

    [Fact]
    public async Task Of_a_hundred_thousand_attributes_some_are_kept()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        var many = Enumerable.Range(0, 100_000).ToDictionary(i => $"key-{i}", i => (object?)i, StringComparer.Ordinal);
        var before = await BytesAsync(dashboard);

        await sample.SpansAsync("gateway", [new(5, 6, 0, "many") { Attributes = many }]);
        await sample.LogsAsync("gateway", "category", [new("many") { Attributes = many }]);
        await sample.MetricsAsync("gateway", "meter", [SampleMetric.Gauge("many", "", new SamplePoint(default, TimeProvider.System.GetUtcNow(), 1) { Attributes = many })]);

        Assert.Equal(64, (await dashboard.ReadAsync($"/api/traces/{5:x32}")).GetProperty("spans")[0].GetProperty("attributes").EnumerateObject().Count());
        Assert.Equal(64, (await dashboard.ReadAsync("/api/logs")).GetProperty("logs")[0].GetProperty("attributes").EnumerateObject().Count());
        Assert.Equal(16, (await dashboard.ReadAsync("/api/metrics")).GetProperty("instruments")[0].GetProperty("attributes").EnumerateObject().Count());
        Assert.True(await BytesAsync(dashboard) - before < 50_000);
        await AssertUnharmedAsync(dashboard);
    }

    [Fact]
    public async Task Long_texts_are_cut()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        var text = new string('ä', 200_000);

        await sample.SpansAsync("gateway", [new(5, 6, 0, text) { Attributes = new Dictionary<string, object?> { ["a"] = text, ["b"] = "kept" } }], scope: text);
        await sample.LogsAsync(text, text, [new(text) { EventName = text }]);

        var span = (await dashboard.ReadAsync($"/api/traces/{5:x32}")).GetProperty("spans")[0];
        Assert.True(span.GetProperty("name").GetString()!.Length < 300);
        Assert.Equal("kept", span.GetProperty("attributes").GetProperty("b").GetString());
        var log = (await dashboard.ReadAsync("/api/logs")).GetProperty("logs")[0];
        Assert.True(log.GetProperty("message").GetString()!.Length < 10_000);
        Assert.All(new[] { "resource", "category", "eventName" }, name => Assert.True(log.GetProperty(name).GetString()!.Length < 300));
        Assert.True(await BytesAsync(dashboard) < 100_000);
    }

    [Fact]
    public async Task Times_of_other_centuries_do_no_harm()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.SpansAsync("gateway", [new(5, 6, 0, "backwards") { Duration = TimeSpan.FromSeconds(-5) }, new(5, 7, 6, "early") { Start = DateTimeOffset.UnixEpoch }]);
        foreach (var time in new[] { DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(500) })
        {
            await sample.MetricsAsync("gateway", "meter", [SampleMetric.Sum("sum", "", true, true, new SamplePoint(DateTimeOffset.UnixEpoch, time, 7))]);
            await sample.LogsAsync("gateway", "category", [new("then") { Time = time }]);
        }

        foreach (var span in (await dashboard.ReadAsync($"/api/traces/{5:x32}")).GetProperty("spans").EnumerateArray())
            Assert.True(span.GetProperty("duration").GetDouble() >= 0);
        await dashboard.ReadAsync("/api/metrics/series?meter=meter&name=sum&minutes=60");
        await AssertUnharmedAsync(dashboard);
    }

    private static (string Path, byte[] Message)[] Whole()
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            ("/v1/traces", OtlpWriter.Request("gateway", "gateway-1", [("scope", [new SampleSpan(3, 4, 2, "GET /")
            {
                Status = 2,
                StatusMessage = "failed",
                Attributes = new Dictionary<string, object?> { ["http.route"] = "/", ["n"] = 1, ["d"] = 1.5, ["b"] = true, ["list"] = new object[] { "a", 1 }, ["bytes"] = new byte[] { 1, 2 } },
                Events = [("exception", new Dictionary<string, object?> { ["exception.type"] = "E" })],
                Links = [(9, 9)],
            }.Write()])])),
            ("/v1/metrics", OtlpWriter.Request("gateway", "gateway-1", [("meter",
            [
                SampleMetric.Histogram("h", "s", true, new SamplePoint(now, now, 1) { Buckets = [1, 2], Bounds = [0.5] }),
                SampleMetric.Gauge("g", "By", new SamplePoint(now, now, 1)),
            ])])),
            ("/v1/logs", OtlpWriter.Request("gateway", "gateway-1", [("SecureShop.Security", [SampleLog.Security(1003, "OwnershipRefused", "not_owner", ("Subject", "s")).Write()])])),
        ];
    }

    private static async Task AssertUnharmedAsync(StartedDashboard dashboard)
    {
        foreach (var path in new[] { "/api/traces", "/api/logs", "/api/metrics", "/api/security" })
            await dashboard.ReadAsync(path);
        Assert.Equal(0, (await dashboard.ReadAsync("/api/status")).GetProperty("failures").GetProperty("count").GetInt32());
    }

    private static async Task<long> BytesAsync(StartedDashboard dashboard) =>
        (await dashboard.ReadAsync("/api/status")).GetProperty("memory").GetProperty("historyBytes").GetInt64();

    private sealed class RepeatableBytes(uint seed)
    {
        private uint _state = seed;

        public int Next(int below, int least) => least + (int)((_state = (_state * 1_664_525) + 1_013_904_223) >> 8) % (below - least);

        public byte[] Next(int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)Next(256, 0))];
    }
}
