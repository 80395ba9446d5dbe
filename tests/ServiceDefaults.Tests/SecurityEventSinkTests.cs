using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What a service that keeps security events is given of them.</summary>
[Trait("Practice", "P33")]
public sealed class SecurityEventSinkTests : IDisposable
{
    private readonly Kept kept = new();
    private readonly FakeTimeProvider clock = new();
    private readonly RecordedEvents told = new();
    private readonly ILoggerFactory loggers;
    private readonly SecurityLog log;

    public SecurityEventSinkTests()
    {
        loggers = LoggerFactory.Create(logging => logging.AddProvider(told).SetMinimumLevel(LogLevel.Warning));
        log = new SecurityLog(loggers, clock, sink: kept);
    }

    public void Dispose()
    {
        log.Dispose();
        loggers.Dispose();
        told.Dispose();
    }

    [Fact]
    public void It_has_the_events_shape_and_what_the_logs_filter_keeps_out_too()
    {
        log.ForCurrentRequest().Log(LogLevel.Information, new EventId(7, "Done"), new Dictionary<string, object?> { ["Subject"] = "s", ["None"] = null }, null, (_, _) => "");
        log.ForCurrentRequest().AccessRefused(RefusalReason.MissingRole);
        Assert.Equal(["Done", "AccessRefused"], kept.Events.Select(one => one.Id.Name));
        Assert.Equal(["AccessRefused"], told.All.Select(one => one.Name));
        Assert.Equal("s", kept.Events[0]["Subject"]);
        Assert.Single(kept.Events[0].Facts);
        Assert.Equal(RefusalReason.MissingRole, kept.Events[1]["Reason"]);
    }

    [Fact]
    public void A_flood_of_refusals_is_cut_and_counted_and_nothing_that_was_done_is_lost()
    {
        for (var number = 0; number < EventBudget.AddressBurst + 50; number++)
        {
            log.ForCurrentRequest().AccessRefused(RefusalReason.MissingRole);
            log.ForCurrentRequest().Log(LogLevel.Warning, new EventId(7, "Done"), new Dictionary<string, object?>(), null, (_, _) => "");
        }

        Assert.Equal(EventBudget.AddressBurst, kept.Events.Count(one => one.Id.Id == 1001));
        Assert.Equal(EventBudget.AddressBurst + 50, kept.Events.Count(one => one.Id.Id == 7));

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["AccessRefused", "Done"], kept.Events.Where(one => one.Id.Id == 1009).Select(one => one["Kind"]).Order());
        Assert.All(kept.Events.Where(one => one.Id.Id == 1009), one => Assert.Equal(50L, one["Count"]));
    }

    private sealed class Kept : ISecurityEventSink
    {
        public List<SecurityEvent> Events { get; } = [];

        public void Record(SecurityEvent happened, HttpContext? context) => Events.Add(happened);
    }
}
