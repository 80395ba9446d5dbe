using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

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
        var console = dashboard.Console;
        var since = console.Drops.Since(now);
        return Answer.JsonAsync(
            context,
            new StatusAnswer(
                dashboard.ApplicationName,
                UnixTime.From(dashboard.StartedAt),
                UnixTime.From(now),
                [new("console", console.Lines.Count, console.Lines.Capacity, console.Lines.Last + console.Drops.Count, console.Drops.Count, "lines")],
                since is not null,
                UnixTime.From(since),
                new(GC.GetTotalMemory(forceFullCollection: false), console.Lines.Bytes, console.Lines.ByteLimit),
                new(dashboard.Failures.Count, dashboard.Failures.Last)),
            DashboardJson.Default.StatusAnswer);
    }
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

/// <param name="ManagedBytes">Of the whole process, which the host shares.</param>
/// <param name="HistoryBytes">Of the histories, as estimated.</param>
/// <param name="HistoryLimitBytes">What they may grow to.</param>
internal sealed record MemoryAnswer(long ManagedBytes, long HistoryBytes, long HistoryLimitBytes);

internal sealed record FailuresAnswer(long Count, string? Last);
