using SecureShop.StandIns.AspireDashboard.History.Metrics;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>
/// What a chart asks for. Besides the attributes of the instrument, <c>service.name</c> and <c>service.instance.id</c>
/// can be split and filtered by.
/// </summary>
internal sealed record SeriesQuery(string? Resource, string Meter, string Name, int Minutes, string? By, IReadOnlyList<KeyValuePair<string, string>> Where)
{
    private const int MostLines = 20;
    private const int MostWhere = 8;
    private const string None = "(none)";
    private const string Others = "other";

    // What just ended may still be on its way.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>Null where meter or name are missing or a condition has no key; the problem then says so.</summary>
    public static SeriesQuery? Read(QueryReader query, out string? problem)
    {
        var (resource, meter, name, by) = (query.Text("resource"), query.Text("meter"), query.Text("name"), query.Text("by"));
        var minutes = query.Int("minutes", standard: 5, least: 1, most: 60);
        var where = query.Texts("where", MostWhere).Select(text => text.Split(':', 2)).ToList();
        problem = query.Problem
            ?? (meter is null || name is null ? "The parameters 'meter' and 'name' are needed." : null)
            ?? (where.Exists(pair => pair.Length != 2 || pair[0].Length == 0) ? "The parameter 'where' is KEY:VALUE." : null);
        return problem is null ? new(resource, meter!, name!, minutes, by, [.. where.Select(pair => KeyValuePair.Create(pair[0], pair[1]))]) : null;
    }

    /// <summary>Null when there is no such instrument.</summary>
    public SeriesAnswer? Find(MetricHistory history, DateTimeOffset now)
    {
        var index = History.Metrics.Resolution.For(Minutes);
        var resolution = History.Metrics.Resolution.All[index];
        var slots = (int)(TimeSpan.FromMinutes(Minutes) / resolution.Width);
        var first = ((now - Patience - DateTimeOffset.UnixEpoch).Ticks / resolution.Width.Ticks) - slots;

        MetricDescription? description = null;
        var groups = new Dictionary<string, SeriesGroup>(StringComparer.Ordinal);
        history.Read(Matches, instrument =>
        {
            description ??= instrument.Description;
            if (description.Kind != instrument.Description.Kind)
                return false;
            foreach (var series in instrument.Series.Values.Where(series => Where.All(pair => Value(instrument, series, pair.Key) == pair.Value)))
            {
                var label = By is null ? Resource ?? Name : Value(instrument, series, By) ?? None;
                if (!groups.TryGetValue(label, out var group))
                    groups.Add(label, group = Group(label, By, description.Kind, slots));
                group.Add(series, index, first);
            }

            return true;
        });
        if (description is null)
            return null;

        var ranked = groups.Values.OrderByDescending(group => group.Weight).ToList();
        var truncated = ranked.Exists(group => group.LeftOut) || ranked.Count > MostLines;
        if (ranked.Count > MostLines)
        {
            var others = Group(Others, by: null, description.Kind, slots);
            ranked.Skip(MostLines - 1).ToList().ForEach(others.Add);
            ranked = [.. ranked.Take(MostLines - 1), others];
        }

        return new(
            description.Unit, NameOf(description.Kind), resolution.Width.TotalMilliseconds, [.. ranked.Select(group => group.Line(first, resolution))], truncated);
    }

    public static string NameOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.UpDownCounter => "updowncounter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static SeriesGroup Group(string label, string? by, MetricKind kind, int slots) => new(
        label, by is null ? new Dictionary<string, string>() : new Dictionary<string, string>(StringComparer.Ordinal) { [by] = label }, kind, slots);

    private static string? Value(Instrument instrument, Series series, string key) => key switch
    {
        "service.name" => instrument.Resource,
        "service.instance.id" => series.Instance,
        _ => series.Attributes.FirstOrDefault(pair => pair.Key == key).Value,
    };

    private bool Matches(Instrument instrument) =>
        (Resource is null || instrument.Resource == Resource) && instrument.Description.Meter == Meter && instrument.Description.Name == Name;
}
