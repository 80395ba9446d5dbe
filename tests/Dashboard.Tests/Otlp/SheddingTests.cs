using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Otlp;

public sealed class SheddingTests
{
    [Fact]
    public async Task Under_too_much_load_whole_traces_are_kept_and_the_rest_is_told()
    {
        var clock = new HandClock();
        await using var dashboard = await StartedDashboard.StartAsync(clock, options => options with { SpansPerSecond = 100 });
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        var answered = new List<byte[]>();
        foreach (var resource in new[] { "gateway", "orders" })
        {
            for (var batch = 0; batch < 10; batch++)
            {
                var spans = Enumerable.Range(1, 100).Select(i => new SampleSpan((UInt128)((batch * 100) + i), (ulong)i, 0, "GET /").Write());
                answered.Add(await sample.SendAsync("/v1/traces", OtlpWriter.Request(resource, resource, [("scope", spans)])));
            }

            // The second service sends when the gate has settled.
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var status = await dashboard.ReadAsync("/api/status");
        var received = status.GetProperty("receivers").EnumerateArray().Single(receiver => receiver.GetProperty("kind").GetString() == "traces");
        Assert.Equal(2_000, received.GetProperty("received").GetInt32());
        Assert.Equal(2_000, received.GetProperty("kept").GetInt32() + received.GetProperty("dropped").GetInt32());
        Assert.InRange(received.GetProperty("kept").GetInt32(), 200, 800);
        Assert.True(status.GetProperty("shedding").GetBoolean());
        Assert.True(status.GetProperty("sheddingSince").GetDouble() > 0);

        // A sender learns of it in the words of the protocol: field 1, in it the number in field 1.
        Assert.Empty(answered[0]);
        Assert.Equal([0x0a, 0x08], [answered[^1][0], answered[^1][2]]);

        // What the second service sent while the gate stood still belongs to traces that the first one's part was kept of.
        var traces = (await dashboard.ReadAsync("/api/traces?resource=orders&limit=500")).GetProperty("traces").EnumerateArray().ToList();
        Assert.NotEmpty(traces);
        Assert.All(traces, trace => Assert.Equal(2, trace.GetProperty("spans").GetInt32()));

        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.False((await dashboard.ReadAsync("/api/status")).GetProperty("shedding").GetBoolean());
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Noise_does_not_hide_a_security_event()
    {
        await using var dashboard = await StartedDashboard.StartAsync(new HandClock(), options => options with { RecordsPerSecond = 100 });
        await dashboard.SignInAsync();
        using var sample = dashboard.Sender();
        await sample.LogsAsync("gateway", "noise", Enumerable.Range(0, 5_000).Select(i => new SampleLog($"noise {i}")));

        await sample.LogsAsync("gateway", "SecureShop.Security", Enumerable.Range(0, 50).Select(_ => SampleLog.Security(1003, "OwnershipRefused", "not_owner", ("Subject", "s"))));

        Assert.Equal(50, (await dashboard.ReadAsync("/api/logs?security=true")).GetProperty("logs").GetArrayLength());
        Assert.Equal(50, (await dashboard.ReadAsync("/api/security")).GetProperty("totals").GetProperty("refusals").GetInt32());
        Assert.True((await dashboard.ReadAsync("/api/logs?category=noise&limit=1000")).GetProperty("logs").GetArrayLength() < 1_000);
    }

    [Fact]
    public async Task A_console_that_floods_is_cut_and_says_so()
    {
        await using var dashboard = await StartedDashboard.StartAsync(new HandClock());
        await dashboard.SignInAsync();
        for (var i = 0; i < 10_100; i++)
            dashboard.Console.Add("orders", "orders", "again");

        var console = await dashboard.ReadAsync("/api/console");

        Assert.Equal(10_000, console.GetProperty("last").GetInt32());
        Assert.Equal(100, console.GetProperty("dropped").GetInt32());
    }
}
