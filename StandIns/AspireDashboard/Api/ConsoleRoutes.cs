using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>What resources wrote.</summary>
internal sealed class ConsoleRoutes(ConsoleHistory console)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/console", ListAsync);

    private Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var resource = query.Text("resource");
        var replica = query.Text("replica");
        var text = query.Text("text");
        var range = SequenceRange.Read(query, standard: 500, most: 2000);
        if (query.Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);

        var filtered = (resource ?? replica ?? text) is not null;
        var found = range.Find(
            console.Lines,
            line => (resource is null || string.Equals(line.Resource, resource, StringComparison.Ordinal))
                && (replica is null || string.Equals(line.Replica, replica, StringComparison.Ordinal))
                && (text is null || line.Text.Contains(text, StringComparison.OrdinalIgnoreCase)),
            countAll: filtered);
        return Answer.JsonAsync(
            context,
            new ConsoleAnswer(
                [.. found.Entries.Select(line => new ConsoleLineAnswer(line.Sequence, UnixTime.From(line.Time), line.Resource, line.Replica, line.Text))],
                found.First,
                found.Last,
                filtered ? found.Matched : null,
                console.Drops.Count),
            DashboardJson.Default.ConsoleAnswer);
    }
}

/// <summary>
/// Lines, ascending; the oldest and newest number that are kept, of any resource; with a filter how many lines pass it in
/// all; and how many were never kept, because they came too fast.
/// </summary>
internal sealed record ConsoleAnswer(IReadOnlyList<ConsoleLineAnswer> Lines, long First, long Last, int? Matched, long Dropped);

internal sealed record ConsoleLineAnswer(long Seq, double Time, string Resource, string Replica, string Text);
