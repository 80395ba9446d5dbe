namespace SecureShop.StandIns.AspireDashboard.Api;

internal sealed record InstrumentsAnswer(IReadOnlyList<InstrumentAnswer> Instruments);

/// <summary>An instrument, and by what it can be split and filtered.</summary>
internal sealed record InstrumentAnswer(
    string Resource, string Meter, string Name, string Unit, string Description, string Kind, IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes);

/// <summary>Resolution in milliseconds; truncated where series were summed as "other" or could not be summed at all.</summary>
internal sealed record SeriesAnswer(string Unit, string Kind, double Resolution, IReadOnlyList<SeriesLine> Series, bool Truncated);

/// <summary>A line of a chart: time and value, or of a histogram time, rate, p50, p90, p99 and mean.</summary>
internal sealed record SeriesLine(string Label, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<double?[]> Points);
