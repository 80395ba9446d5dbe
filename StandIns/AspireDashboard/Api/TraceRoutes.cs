using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Traces: a list to choose from, and one with all its spans.</summary>
internal sealed class TraceRoutes(TraceHistory traces, LogHistory logs)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/traces", ListAsync);
        routes.MapGet("/api/traces/{id}", ShowAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var filter = Filter.Read(query);
        var limit = query.Int("limit", standard: 100, least: 1, most: 500);
        if (query.Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);

        // Those that begin to arrive last need not be those that began last, so all are looked at and the newest kept.
        var last = traces.Changes;
        var newest = new PriorityQueue<TraceRow, double>(limit + 1);
        traces.ForEach(filter.Matches, trace => trace, trace =>
        {
            if (newest.Count == limit && newest.TryPeek(out _, out var oldest) && UnixTime.FromNanoseconds(trace.Start) <= oldest)
                return;
            if (traces.Find(trace.Id, TraceRow.From) is not { } row)
                return;
            newest.Enqueue(row, row.Start);
            if (newest.Count > limit)
                newest.Dequeue();
        });
        return Answer.JsonAsync(
            context,
            new TracesAnswer([.. newest.UnorderedItems.Select(item => item.Element).OrderByDescending(row => row.Start)], last),
            DashboardJson.Default.TracesAnswer);
    }

    private Task ShowAsync(HttpContext context)
    {
        if (new QueryReader(context.Request).Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);
        if (Identifiers.ParseTrace(context.GetRouteValue("id") as string) is not { } id || traces.Find(id, Copy) is not { } trace)
            return Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
        return Answer.JsonAsync(
            context,
            new TraceAnswer(
                Identifiers.Text(id),
                UnixTime.FromNanoseconds(trace.Start),
                UnixTime.FromNanoseconds(trace.End - trace.Start),
                trace.IsTruncated,
                CountLogs(id),
                [.. trace.Spans.OrderBy(span => span.Start).Select(SpanDetails.Read)]),
            DashboardJson.Default.TraceAnswer);
    }

    private int CountLogs(UInt128 id) =>
        new SequenceRange(After: null, Before: null, LogHistory.MostRecords).Find(logs.Records, entry => entry.Trace == id).Entries.Count;

    // Spans do not change; the list of them does, so it is copied where it is guarded.
    private static TraceCopy Copy(Trace trace) => new([.. trace.Spans], trace.Start, trace.End, trace.IsTruncated);

    private sealed record TraceCopy(IReadOnlyList<Span> Spans, ulong Start, ulong End, bool IsTruncated);

    /// <summary><c>before</c> is a start, for reading on where the list ends; <c>after</c> a sequence, for what has changed.</summary>
    private sealed record Filter(string? Resource, string? Text, double? MinDuration, bool Errors, double? Before, long? After)
    {
        public static Filter Read(QueryReader query) => new(
            query.Text("resource"), query.Text("text"), query.Number("minDuration"), query.Flag("errors"), query.Number("before"), query.Long("after"));

        public bool Matches(Trace trace) =>
            (After is null || trace.Sequence > After)
            && (!Errors || trace.HasError)
            && (Before is null || UnixTime.FromNanoseconds(trace.Start) < Before)
            && (MinDuration is null || UnixTime.FromNanoseconds(trace.End - trace.Start) >= MinDuration)
            && (Resource is null || trace.Services.Any(service => service.Resource == Resource))
            && (Text is null || MatchesText(trace, Text));

        private static bool MatchesText(Trace trace, string text) =>
            trace.Root.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || trace.Routes.Any(route => route.Contains(text, StringComparison.OrdinalIgnoreCase))
            || (text.All(char.IsAsciiHexDigit) && Identifiers.Text(trace.Id).Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
