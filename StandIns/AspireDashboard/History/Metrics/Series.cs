namespace SecureShop.StandIns.AspireDashboard.History.Metrics;

/// <summary>
/// One series: an instrument of one replica with one set of attributes. It turns what senders report (totals since
/// their start, or what came since the last report) into what happened in each slot of time.
/// </summary>
internal sealed class Series(string instance, KeyValuePair<string, string>[] attributes)
{
    // Before that, nobody knows when in the time it was counted, so a first report is a base to count from.
    private static readonly ulong LongestFirst = (ulong)TimeSpan.FromSeconds(60).Ticks * 100;

    private const int OwnSize = 700;

    private ulong _start;
    private double _value;
    private double[] _buckets = [];

    public string Instance => instance;

    public IReadOnlyList<KeyValuePair<string, string>> Attributes => attributes;

    /// <summary>Of the newest report; 0 before the first.</summary>
    public ulong Time { get; private set; }

    /// <summary>Bounds of its buckets; empty where they are not known.</summary>
    public double[] Bounds { get; private set; } = [];

    public required ITimeline Timeline { get; init; }

    /// <summary>About how many bytes it holds.</summary>
    public int Size => OwnSize + Timeline.Size;

    /// <param name="point">The report.</param>
    /// <param name="senderSeen">When its sender reported last, 0 for never: a series that is new since then counts from there.</param>
    public void Add(MetricPoint point, ulong senderSeen)
    {
        // Late and repeated ones.
        if (point.Time <= Time)
            return;
        if (!point.Bounds.AsSpan().SequenceEqual(Bounds))
            Rebase(point);

        switch (point.Instrument)
        {
            case { Kind: MetricKind.Gauge }:
                Timeline.Set(point.Time, point.Value);
                break;
            case { Kind: MetricKind.UpDownCounter, IsCumulative: var isTotal }:
                _value = isTotal ? point.Value : _value + point.Value;
                Timeline.Set(point.Time, _value);
                break;
            case { IsCumulative: false }:
                Timeline.Add(Math.Max(point.Start, Time), point.Time, point.Value, point.Buckets);
                break;
            default:
                AddTotal(point, senderSeen);
                break;
        }

        Time = point.Time;
    }

    private void AddTotal(MetricPoint point, ulong senderSeen)
    {
        var isFirst = Time == 0;
        var isReset = !isFirst && (point.Start != _start || IsLess(point));
        var from = isFirst ? Math.Max(point.Start, senderSeen) : isReset ? Math.Max(point.Start, Time) : Time;
        if (!isFirst || (from > 0 && from <= point.Time && point.Time - from <= LongestFirst))
        {
            var known = !isFirst && !isReset;
            Timeline.Add(from, point.Time, known ? point.Value - _value : point.Value, known ? Difference(point.Buckets, _buckets) : point.Buckets);
        }

        _start = point.Start;
        _value = point.Value;
        _buckets = point.Buckets;
    }

    // A total never falls: its sender began anew.
    private bool IsLess(MetricPoint point)
    {
        if (point.Instrument.Kind == MetricKind.Counter)
            return point.Value < _value;
        for (var i = 0; i < point.Buckets.Length; i++)
        {
            if (point.Buckets[i] < _buckets[i])
                return true;
        }

        return false;
    }

    private void Rebase(MetricPoint point)
    {
        Bounds = point.Bounds;
        for (var i = 0; i < Resolution.All.Count; i++)
            Timeline.Forget(i);
        Time = 0;
    }

    private static double[] Difference(double[] now, double[] before)
    {
        var difference = new double[now.Length];
        for (var i = 0; i < now.Length; i++)
            difference[i] = now[i] - before[i];
        return difference;
    }
}
