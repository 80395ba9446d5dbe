using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.History.Metrics;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>How the dashboard itself is: what it keeps, what it had to drop, what it costs.</summary>
internal sealed class StatusRoutes(Dashboard dashboard)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/status", ShowAsync);

    private Task ShowAsync(HttpContext context)
    {
        if (new QueryReader(context.Request).Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);

        var now = dashboard.Clock.GetUtcNow();
        var (console, logs, traces, metrics) = (dashboard.Console.Lines, dashboard.Logs.Records, dashboard.Traces, dashboard.Metrics);
        var since = new[] { dashboard.TraceReader.Intake.Drops, dashboard.LogReader.Intake.Drops, dashboard.MetricReader.Intake.Drops, dashboard.Console.Drops }
            .Min(drops => drops.Since(now));
        return Answer.JsonAsync(
            context,
            new StatusAnswer(
                dashboard.ApplicationName,
                UnixTime.From(dashboard.StartedAt),
                UnixTime.From(now),
                [
                    Receiver("traces", traces.Spans, TraceHistory.MostSpans, dashboard.TraceReader.Intake, "spans"),
                    Receiver("logs", logs.Count, logs.Capacity, dashboard.LogReader.Intake, "records"),
                    Receiver("metrics", metrics.Series, MetricHistory.MostSeries, dashboard.MetricReader.Intake, "series"),
                    new("console", console.Count, console.Capacity, console.Last + dashboard.Console.Drops.Count, dashboard.Console.Drops.Count, "lines"),
                ],
                since is not null,
                UnixTime.From(since),
                new(
                    GC.GetTotalMemory(forceFullCollection: false),
                    console.Bytes + logs.Bytes + traces.Bytes + metrics.Bytes,
                    console.ByteLimit + logs.ByteLimit + TraceHistory.MostBytes + MetricHistory.MostBytes),
                new(dashboard.Failures.Count, dashboard.Failures.Last)),
            DashboardJson.Default.StatusAnswer);
    }

    private static ReceiverAnswer Receiver(string kind, long kept, long capacity, Intake intake, string unit) =>
        new(kind, kept, capacity, intake.Received, intake.Drops.Count, unit);
}

internal sealed record StatusAnswer(
    string Application,
    double StartedAt,
    double Now,
    IReadOnlyList<ReceiverAnswer> Receivers,
    bool Shedding,
    double? SheddingSince,
    MemoryAnswer Memory,
    FailuresAnswer Failures);

internal sealed record ReceiverAnswer(string Kind, long Kept, long Capacity, long Received, long Dropped, string Unit);

/// <summary>Managed memory is that of the whole process, which the host shares; that of the histories is estimated.</summary>
internal sealed record MemoryAnswer(long ManagedBytes, long HistoryBytes, long HistoryLimitBytes);

internal sealed record FailuresAnswer(long Count, string? Last);
