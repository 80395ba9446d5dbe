using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecureShop.StandIns.AspireDashboard.History.Security;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Security events, counted.</summary>
internal sealed class SecurityRoutes(SecurityHistory history)
{
    private const int MostPrincipals = 10;

    // Up to here each slot is shown, beyond it six of them, a minute, as one.
    private const int FineMinutes = 15;
    private const int SlotsPerMinute = 6;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/security", ShowAsync);

    private Task ShowAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var minutes = query.Int("minutes", standard: 15, least: 1, most: 60);
        if (query.Problem is { } problem)
            return Answer.ProblemAsync(context, StatusCodes.Status400BadRequest, problem);

        var picture = history.Read(minutes);
        var together = minutes <= FineMinutes ? 1 : SlotsPerMinute;
        var refusals = picture.Reasons
            .Select(pair => new RefusalAnswer(pair.Key, [.. Points(pair.Value, picture.FirstSlot, together)], pair.Value.Sum()))
            .OrderByDescending(reason => reason.Total)
            .ToList();
        return Answer.JsonAsync(
            context,
            new SecurityAnswer(
                new(
                    picture.Totals[SecurityTotal.SignIns],
                    picture.Totals[SecurityTotal.Failures],
                    picture.Totals[SecurityTotal.Lockouts],
                    refusals.Sum(reason => reason.Total),
                    refusals.Where(reason => reason.Reason.StartsWith("limit_", StringComparison.Ordinal)).Sum(reason => reason.Total),
                    picture.Totals[SecurityTotal.ForgedTokens]),
                SecurityHistory.Slot.TotalMilliseconds * together,
                refusals,
                [.. picture.Subjects.Select(subject => Principal(subject, "subject"))
                    .Concat(picture.Clients.Select(client => Principal(client, "client")))
                    .OrderByDescending(principal => principal.Count)
                    .Take(MostPrincipals)],
                [.. picture.Addresses.Select(address => new AddressAnswer(address.Name, address.Count, UnixTime.From(address.Last), address.Reasons))],
                [.. picture.Limits.OrderByDescending(limit => limit.Count).Select(limit => new LimitAnswer(limit.Class, limit.By, limit.Count, UnixTime.From(limit.Last)))],
                [.. picture.Events.Select(LogAnswer.From)]),
            DashboardJson.Default.SecurityAnswer);
    }

    private static PrincipalAnswer Principal(Offender offender, string kind) =>
        new(offender.Name, kind, offender.Count, UnixTime.From(offender.Last), offender.Reasons);

    // Whole minutes of the clock where slots go together, so that bars stay where they are while time goes on.
    private static IEnumerable<double[]> Points(int[] counts, long first, int together) => counts
        .Select((count, index) => (Slot: (first + index) / together, Count: count))
        .GroupBy(item => item.Slot)
        .Select(group => new[] { UnixTime.From(new DateTimeOffset(group.Key * together * SecurityHistory.Slot.Ticks, TimeSpan.Zero)), group.Sum(item => item.Count) });
}

/// <summary>Resolution in milliseconds; a point is its slot's begin and a count.</summary>
internal sealed record SecurityAnswer(
    TotalsAnswer Totals,
    double Resolution,
    IReadOnlyList<RefusalAnswer> Refusals,
    IReadOnlyList<PrincipalAnswer> Principals,
    IReadOnlyList<AddressAnswer> Addresses,
    IReadOnlyList<LimitAnswer> Limits,
    IReadOnlyList<LogAnswer> Events);

internal sealed record TotalsAnswer(int SignIns, int Failures, int Lockouts, int Refusals, int Limits, int ForgedTokens);

internal sealed record RefusalAnswer(string Reason, IReadOnlyList<double[]> Points, int Total);

internal sealed record PrincipalAnswer(string Principal, string Kind, int Count, double Last, IReadOnlyDictionary<string, int> Reasons);

internal sealed record AddressAnswer(string Address, int Count, double Last, IReadOnlyDictionary<string, int> Reasons);

internal sealed record LimitAnswer(string Class, string By, int Count, double Last);
