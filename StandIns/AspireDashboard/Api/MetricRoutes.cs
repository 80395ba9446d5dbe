using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.History.Metrics;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>What is measured, and how it went.</summary>
internal sealed class MetricRoutes(MetricHistory history, TimeProvider clock)
{
    private const int MostValues = 50;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/metrics", ListAsync);
        routes.MapGet("/api/metrics/series", SeriesAsync);
    }

    private Task ListAsync(HttpContext context) => new QueryReader(context.Request).Problem is { } problem
        ? Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem)
        : Answer.JsonAsync(
            context,
            new InstrumentsAnswer(
            [
                .. history.Read(_ => true, Shape)
                    .OrderBy(instrument => instrument.Resource, StringComparer.Ordinal)
                    .ThenBy(instrument => instrument.Meter, StringComparer.Ordinal)
                    .ThenBy(instrument => instrument.Name, StringComparer.Ordinal),
            ]),
            DashboardJson.Default.InstrumentsAnswer);

    private Task SeriesAsync(HttpContext context)
    {
        if (SeriesQuery.Read(new(context.Request), out var problem) is not { } query)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);
        return query.Find(history, clock.GetUtcNow()) is { } answer
            ? Answer.JsonAsync(context, answer, DashboardJson.Default.SeriesAnswer)
            : Answer.ProblemAsync(context, StatusCodes.Status404NotFound);
    }

    private static InstrumentAnswer Shape(Instrument instrument) => new(
        instrument.Resource,
        instrument.Description.Meter,
        instrument.Description.Name,
        instrument.Description.Unit,
        instrument.Description.Description,
        SeriesQuery.NameOf(instrument.Description.Kind),
        instrument.Series.Values
            .SelectMany(series => series.Attributes)
            .GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                IReadOnlyList<string> (group) => [.. group.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostValues)],
                StringComparer.Ordinal));
}
