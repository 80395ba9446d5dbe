using System.Net;
using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Api;

public sealed class MetricTests : IAsyncLifetime
{
    private readonly HandClock _clock = new();
    private DateTimeOffset _start;
    private StartedDashboard _dashboard = null!;
    private Sample _sample = null!;

    public async ValueTask InitializeAsync()
    {
        // At the beginning of a slot, so that what is reported every two seconds fills slots exactly.
        _clock.Advance(TimeSpan.FromTicks(TimeSpan.FromSeconds(30).Ticks - (_clock.GetUtcNow().UtcTicks % TimeSpan.FromSeconds(30).Ticks)));
        _start = _clock.GetUtcNow();
        _dashboard = await StartedDashboard.StartAsync(_clock);
        await _dashboard.SignInAsync();
        _sample = _dashboard.Sender();
    }

    public async ValueTask DisposeAsync()
    {
        _sample.Dispose();
        await _dashboard.DisposeAsync();
    }

    [Fact]
    public async Task A_total_becomes_a_rate_of_all_replicas()
    {
        for (var step = 1; step <= 5; step++)
        {
            await SendAsync(time => SampleMetric.Sum("requests", "{request}", true, true, Point(time, step * 10)), "gateway-1");
            await SendAsync(time => SampleMetric.Sum("requests", "{request}", true, true, Point(time, step * 30)), "gateway-2", advance: false);
        }

        var series = await SeriesAsync("requests");

        Assert.Equal(("counter", "{request}", 2_000), (Text(series, "kind"), Text(series, "unit"), series.GetProperty("resolution").GetInt32()));
        Assert.All(Values(series), value => Assert.Equal(20, value, 6));
        Assert.Equal(5, Values(series).Count);
    }

    [Fact]
    public async Task A_sender_that_began_anew_counts_from_zero()
    {
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, 100)));
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, 120)));
        var restarted = _clock.GetUtcNow();
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, 6) with { Start = restarted }));
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, 10) with { Start = restarted }));

        Assert.Equal([50, 10, 3, 2], Values(await SeriesAsync("requests")));
    }

    [Fact]
    public async Task A_total_that_is_old_when_it_is_first_seen_is_only_a_base()
    {
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, 1_000_000) with { Start = _start.AddHours(-1) }));
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, 1_000_008) with { Start = _start.AddHours(-1) }));

        Assert.Equal([4], Values(await SeriesAsync("requests")));
    }

    [Fact]
    public async Task Increases_are_taken_as_they_are()
    {
        for (var step = 1; step <= 3; step++)
            await SendAsync(time => SampleMetric.Sum("requests", "", true, false, Point(time, 8) with { Start = time.AddSeconds(-2) }));

        Assert.Equal([4, 4, 4], Values(await SeriesAsync("requests")));
    }

    [Fact]
    public async Task What_goes_up_and_down_is_shown_as_it_is()
    {
        foreach (var value in new[] { 5, 3, 7 })
        {
            await SendAsync(time => SampleMetric.Sum("active", "", false, true, Point(time, value)));
            await SendAsync(time => SampleMetric.Gauge("heap", "By", Point(time, value * 1.5)), advance: false);
        }

        // A slot holds what was reported in it; a report at its very end belongs to the next one.
        Assert.Equal([5, 3, 7], Values(await SeriesAsync("active")));
        Assert.Equal([7.5, 4.5, 10.5], Values(await SeriesAsync("heap")));
        Assert.Equal("updowncounter", Text(await SeriesAsync("active"), "kind"));
        Assert.Equal("gauge", Text(await SeriesAsync("heap"), "kind"));
    }

    [Fact]
    public async Task Percentiles_come_from_the_buckets_of_all_replicas()
    {
        double[] bounds = [0.1, 0.2, 0.4];
        await SendAsync(time => SampleMetric.Histogram("duration", "s", true, Point(time, 6) with { Buckets = [50, 0, 0, 0], Bounds = bounds }), "a");
        await SendAsync(time => SampleMetric.Histogram("duration", "s", true, Point(time, 14) with { Buckets = [0, 40, 9, 1], Bounds = bounds }), "b", advance: false);

        var point = (await SeriesAsync("duration")).GetProperty("series")[0].GetProperty("points").EnumerateArray().Last(one => one[1].GetDouble() > 0);

        Assert.Equal(50, point[1].GetDouble(), 4);
        Assert.Equal(0.1, point[2].GetDouble(), 4);
        Assert.Equal(0.2, point[3].GetDouble(), 4);
        Assert.Equal(0.4, point[4].GetDouble(), 4);
        Assert.Equal(0.2, point[5].GetDouble(), 4);
    }

    [Fact]
    public async Task An_exponential_histogram_has_a_mean_and_no_percentiles()
    {
        await SendAsync(time => SampleMetric.ExponentialHistogram("duration", "s", Point(time, 5) with { Buckets = [10] }));

        var point = (await SeriesAsync("duration")).GetProperty("series")[0].GetProperty("points").EnumerateArray().Last(one => one[1].GetDouble() > 0);

        Assert.Equal((5, 0.5), (point[1].GetDouble(), point[5].GetDouble()));
        Assert.Equal(JsonValueKind.Null, point[2].ValueKind);
    }

    [Fact]
    public async Task A_summary_is_refused_and_counted()
    {
        _clock.Advance(TimeSpan.FromSeconds(2));

        var answer = await _sample.SendAsync("/v1/metrics", OtlpWriter.Request("gateway", "gateway-1", [("meter", [SampleMetric.Summary("old", Point(_clock.GetUtcNow(), 1))])]));

        Assert.Equal(1, answer[3]);
        Assert.Empty((await _dashboard.ReadAsync("/api/metrics")).GetProperty("instruments").EnumerateArray());
    }

    [Fact]
    public async Task Series_are_split_and_filtered_by_attribute_resource_and_replica()
    {
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, [.. new[] { ("GET", 200, 2), ("GET", 404, 4), ("POST", 201, 6) }.Select(one =>
            Point(time, one.Item3) with { Attributes = new Dictionary<string, object?> { ["method"] = one.Item1, ["status"] = one.Item2 } })]));

        Assert.Equal([("GET", 3), ("POST", 3)], Lines(await SeriesAsync("requests", "&by=method")));
        Assert.Equal([("404", 2), ("200", 1)], Lines(await SeriesAsync("requests", "&by=status&where=method:GET")));
        Assert.Equal([("gateway", 2)], Lines(await SeriesAsync("requests", "&by=service.name&where=method:GET&where=status:404")));
        Assert.Equal([("gateway-1", 6)], Lines(await SeriesAsync("requests", "&by=service.instance.id")));
        Assert.Empty(Lines(await SeriesAsync("requests", "&where=method:PUT")));
        Assert.Empty(Lines(await SeriesAsync("requests", "&where=none:GET")));
        var instrument = Assert.Single((await _dashboard.ReadAsync("/api/metrics")).GetProperty("instruments").EnumerateArray());
        Assert.Equal("""{"method":["GET","POST"],"status":["200","201","404"]}""", instrument.GetProperty("attributes").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, await _dashboard.StatusOfAsync("/api/metrics/series?meter=meter&name=none"));
    }

    [Fact]
    public async Task The_smallest_series_are_shown_together()
    {
        await SendAsync(time => SampleMetric.Sum("requests", "", true, true, [.. Enumerable.Range(1, 30).Select(i =>
            Point(time, i * 2) with { Attributes = new Dictionary<string, object?> { ["route"] = $"r{i}" } })]));

        var series = await SeriesAsync("requests", "&by=route");

        var lines = Lines(series).ToList();
        Assert.True(series.GetProperty("truncated").GetBoolean());
        Assert.Equal(20, lines.Count);
        Assert.Equal(("r30", 30), lines[0]);
        Assert.Equal(("other", Enumerable.Range(1, 11).Sum()), lines[^1]);
    }

    [Fact]
    public async Task An_hour_is_kept_in_coarser_slots()
    {
        for (var step = 1; step <= 40; step++)
            await SendAsync(time => SampleMetric.Sum("requests", "", true, true, Point(time, step * 60)), seconds: 60);

        foreach (var (minutes, resolution) in new[] { (5, 2_000), (15, 10_000), (60, 30_000) })
        {
            var series = await SeriesAsync("requests", $"&minutes={minutes}");
            Assert.Equal(resolution, series.GetProperty("resolution").GetInt32());
            Assert.All(Values(series), value => Assert.Equal(1, value, 6));
            Assert.InRange(Values(series).Count, Math.Min(minutes, 39) * 60_000 / resolution - 2, minutes * 60_000 / resolution);
        }
    }

    [Fact]
    public async Task Series_are_bounded_and_those_that_ended_make_room()
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await FloodAsync("a", 3_000));
        Assert.NotEmpty(await FloodAsync("b", 10));

        _clock.Advance(TimeSpan.FromMinutes(3));
        await FloodAsync("b", 10);
        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Empty(await FloodAsync("b", 10));
        var receiver = (await _dashboard.ReadAsync("/api/status")).GetProperty("receivers").EnumerateArray().Single(one => Text(one, "kind") == "metrics");
        Assert.Equal(10, receiver.GetProperty("kept").GetInt32());
    }

    private Task<byte[]> FloodAsync(string name, int count) => _sample.SendAsync("/v1/metrics", OtlpWriter.Request("gateway", "gateway-1", [("meter",
        [SampleMetric.Gauge(name, "", [.. Enumerable.Range(0, count).Select(i => Point(_clock.GetUtcNow(), i) with { Attributes = new Dictionary<string, object?> { ["i"] = i } })])])]));

    private SamplePoint Point(DateTimeOffset time, double value) => new(_start, time, value);

    // A report at the end of each slot, of what happened within it.
    private async Task SendAsync(Func<DateTimeOffset, byte[]> metric, string instance = "gateway-1", bool advance = true, int seconds = 2)
    {
        if (advance)
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        await _sample.MetricsAsync("gateway", "meter", [metric(_clock.GetUtcNow())], instance);
    }

    private Task<JsonElement> SeriesAsync(string name, string more = "")
    {
        _clock.Advance(TimeSpan.FromSeconds(3.5));
        return _dashboard.ReadAsync($"/api/metrics/series?meter=meter&name={name}{more}");
    }

    private static List<double> Values(JsonElement series) =>
        [.. series.GetProperty("series").EnumerateArray().Single().GetProperty("points").EnumerateArray().Select(point => Math.Round(point[1].GetDouble(), 6))];

    private static IEnumerable<(string Label, double Sum)> Lines(JsonElement series) => series.GetProperty("series").EnumerateArray()
        .Select(line => (Text(line, "label")!, Math.Round(line.GetProperty("points").EnumerateArray().Sum(point => point[1].GetDouble()), 6)));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
