using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.History.Security;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Structured logs.</summary>
internal sealed class LogRoutes(LogHistory history)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/logs", ListAsync);

    private Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var filter = Filter.Read(query);
        var range = SequenceRange.Read(query, standard: 200, most: 1000);
        if (query.Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);

        var found = range.Find(history.Records, filter.Matches);
        return Answer.JsonAsync(
            context,
            new LogsAnswer([.. found.Entries.Select(LogAnswer.From)], found.First, found.Last, history.Categories.Names, history.Events.Names),
            DashboardJson.Default.LogsAnswer);
    }

    /// <summary>Numbers are compared first and texts last: most records fall out cheaply.</summary>
    private sealed record Filter(
        LogSeverity Level, bool Security, UInt128? Trace, ulong? Span, string? Resource, string? Category, string? Event, int? EventId, string? Text)
    {
        public static Filter Read(QueryReader query)
        {
            var name = query.Text("event");
            return new(
                query.Parse("level", "is trace, debug, information, warning, error or critical", LogAnswer.LevelOf) ?? LogSeverity.Trace,
                query.Flag("security"),
                query.Parse("trace", "is a trace id of 32 hexadecimal digits", text => Identifiers.ParseTrace(text)),
                query.Parse("span", "is a span id of 16 hexadecimal digits", text => Identifiers.ParseSpan(text)),
                query.Text("resource"),
                query.Text("category"),
                name,
                int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
                query.Text("text"));
        }

        public bool Matches(LogEntry entry) =>
            entry.Level >= Level
            && (Trace is null || entry.Trace == Trace)
            && (Span is null || entry.Span == Span)
            && (!Security || entry.Category == SecurityHistory.Category)
            && (Resource is null || entry.Sender.Resource == Resource)
            && (Category is null || entry.Category == Category)
            && (Event is null || entry.EventName == Event || (EventId is { } id && entry.EventId == id))
            && (Text is null || entry.Message.Contains(Text, StringComparison.OrdinalIgnoreCase) || entry.Category.Contains(Text, StringComparison.OrdinalIgnoreCase)
                || entry.EventName?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true);
    }
}
