using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.History.Metrics;

/// <summary>Every instrument and its series, bounded in number and bytes. New series are refused when there is no room.</summary>
internal sealed class MetricHistory(TimeProvider clock)
{
    public const int MostSeries = 3_000;
    public const long MostBytes = 32 * 1024 * 1024;
    private const int MostSenders = 256;
    private static readonly ulong Stale = (ulong)TimeSpan.FromMinutes(2).Ticks * 100;
    private static readonly TimeSpan CleanEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Resource, string Meter, string Name), Instrument> _instruments = [];
    private readonly Dictionary<Sender, ulong> _senders = [];
    private long _cleaned;
    private long _changes;
    private int _series;
    private long _bytes;

    public long Changes => Volatile.Read(ref _changes);

    public int Series => Volatile.Read(ref _series);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds the reports of one request.</summary>
    /// <returns>How many found no room.</returns>
    public int Add(IReadOnlyList<MetricPoint> points)
    {
        var refused = 0;
        lock (_lock)
        {
            foreach (var point in points)
            {
                if (SeriesOf(point) is not { } series || !HasRoom(0))
                {
                    refused++;
                    continue;
                }

                var before = series.Size;
                series.Add(point, _senders.GetValueOrDefault(point.Sender));
                _bytes += series.Size - before;
            }

            foreach (var sender in points.GroupBy(point => point.Sender))
            {
                if (_senders.Count < MostSenders || _senders.ContainsKey(sender.Key))
                    _senders[sender.Key] = sender.Max(point => point.Time);
            }

            _changes++;
        }

        return refused;
    }

    /// <summary>Shapes the instruments that pass, in no order.</summary>
    public IReadOnlyList<T> Read<T>(Func<Instrument, bool> matches, Func<Instrument, T> shape)
    {
        lock (_lock)
            return [.. _instruments.Values.Where(matches).Select(shape)];
    }

    private Series? SeriesOf(MetricPoint point)
    {
        var key = (point.Sender.Resource, point.Instrument.Meter, point.Instrument.Name);
        var seriesKey = SeriesKey(point);
        if (_instruments.TryGetValue(key, out var instrument) && instrument.Description.Kind == point.Instrument.Kind)
        {
            if (instrument.Series.TryGetValue(seriesKey, out var known))
                return known;
        }
        else if (instrument is not null)
        {
            // One name for two kinds: the first one has it.
            return null;
        }

        if (!HasRoom(1))
            return null;
        if (instrument is null)
            _instruments.Add(key, instrument = new(point.Sender.Resource, point.Instrument));
        var series = new Series(point.Sender.Instance, point.Attributes)
        {
            Timeline = point.Instrument.Kind == MetricKind.Histogram ? new HistogramTimeline() : new NumberTimeline(),
        };
        instrument.Series.Add(seriesKey, series);
        _series++;
        _bytes += series.Size;
        return series;
    }

    private bool HasRoom(int newSeries)
    {
        if (IsRoom(newSeries))
            return true;

        // Series that ended make room; looked for only so often, as a flood of new ones would have all searched each time.
        var now = clock.GetTimestamp();
        if (_cleaned != 0 && clock.GetElapsedTime(_cleaned, now) < CleanEvery)
            return false;
        _cleaned = now;
        RemoveStale();
        for (var resolution = Resolution.All.Count - 1; resolution > 0 && _bytes > MostBytes; resolution--)
            Forget(resolution);
        return IsRoom(newSeries);
    }

    private bool IsRoom(int newSeries) => _series + newSeries <= MostSeries && _bytes <= MostBytes;

    // Better an hour less of the past than none of the present.
    private void Forget(int resolution)
    {
        _bytes = 0;
        foreach (var series in _instruments.Values.SelectMany(instrument => instrument.Series.Values))
        {
            series.Timeline.Forget(resolution);
            _bytes += series.Size;
        }
    }

    private void RemoveStale()
    {
        var newest = _senders.Values.DefaultIfEmpty().Max();
        foreach (var (key, instrument) in _instruments.ToList())
        {
            foreach (var (seriesKey, series) in instrument.Series.Where(pair => pair.Value.Time + Stale < newest).ToList())
            {
                instrument.Series.Remove(seriesKey);
                _series--;
                _bytes -= series.Size;
            }

            if (instrument.Series.Count == 0)
                _instruments.Remove(key);
        }
    }

    // Unit separators cannot be confused with text: they are taken out of names and values when they are read.
    private static string SeriesKey(MetricPoint point) =>
        string.Join('\u001f', point.Attributes.SelectMany(pair => new[] { pair.Key, pair.Value }).Prepend(point.Sender.Instance));
}

/// <summary>An instrument of a resource.</summary>
internal sealed class Instrument(string resource, MetricDescription description)
{
    public string Resource => resource;

    public MetricDescription Description => description;

    public Dictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);
}
