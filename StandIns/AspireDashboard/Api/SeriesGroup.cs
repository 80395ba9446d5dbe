using SecureShop.StandIns.AspireDashboard.History.Metrics;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Series summed to one line: replicas, and whatever nobody asked to tell apart.</summary>
internal sealed class SeriesGroup(string label, IReadOnlyDictionary<string, string> attributes, MetricKind kind, int slots)
{
    private readonly double[] _values = Filled(slots);
    private double[]?[]? _cells;
    private double[]? _bounds;

    /// <summary>How much there is of it, to tell the greatest.</summary>
    public double Weight { get; private set; }

    /// <summary>Whether a series was left out, because its buckets are others.</summary>
    public bool LeftOut { get; private set; }

    public void Add(Series series, int resolution, long first)
    {
        if (series.Timeline is NumberTimeline numbers)
        {
            for (var i = 0; i < slots; i++)
                Add(i, numbers.Read(resolution, first + i));
        }
        else if (series.Timeline is HistogramTimeline histogram)
        {
            _bounds ??= series.Bounds;
            if (!_bounds.AsSpan().SequenceEqual(series.Bounds))
            {
                LeftOut = true;
                return;
            }

            for (var i = 0; i < slots; i++)
                Add(i, histogram.Read(resolution, first + i));
        }
    }

    /// <summary>Adds a whole group to this one.</summary>
    public void Add(SeriesGroup other)
    {
        LeftOut |= other.LeftOut;
        for (var i = 0; i < slots; i++)
            Add(i, other._values[i]);
        if (other._cells is null)
            return;
        _bounds ??= other._bounds;
        if (!_bounds.AsSpan().SequenceEqual(other._bounds))
        {
            LeftOut = true;
            return;
        }

        for (var i = 0; i < slots; i++)
        {
            if (other._cells[i] is { } cell)
                Add(i, Array.ConvertAll(cell, value => (float)value));
        }
    }

    public SeriesLine Line(long first, Resolution resolution)
    {
        var points = new List<double?[]>(slots);
        var seconds = resolution.Width.TotalSeconds;
        for (var i = 0; i < slots; i++)
        {
            var time = (first + i) * resolution.Width.TotalMilliseconds;
            if (kind == MetricKind.Histogram)
                points.Add(HistogramPoint(time, _cells?[i], seconds));
            else if (!double.IsNaN(_values[i]))
                points.Add([time, kind == MetricKind.Counter ? _values[i] / seconds : _values[i]]);
        }

        return new(label, attributes, points);
    }

    private double?[] HistogramPoint(double time, double[]? cell, double seconds)
    {
        if (cell is null)
            return [time, 0, null, null, null, null];
        var buckets = cell.AsSpan(0, cell.Length - 1);
        var count = 0.0;
        foreach (var one in buckets)
            count += one;
        return
        [
            time,
            count / seconds,
            Percentiles.Of(buckets, _bounds, 0.5),
            Percentiles.Of(buckets, _bounds, 0.9),
            Percentiles.Of(buckets, _bounds, 0.99),
            count > 0 ? cell[^1] / count : null,
        ];
    }

    private void Add(int slot, double value)
    {
        if (double.IsNaN(value))
            return;
        _values[slot] = double.IsNaN(_values[slot]) ? value : _values[slot] + value;
        Weight += Math.Abs(value);
    }

    private void Add(int slot, float[]? cell)
    {
        if (cell is null)
            return;
        _cells ??= new double[slots][];
        var sum = _cells[slot] ??= new double[cell.Length];
        for (var i = 0; i < cell.Length; i++)
        {
            sum[i] += cell[i];
            if (i < cell.Length - 1)
                Weight += cell[i];
        }
    }

    private static double[] Filled(int slots)
    {
        var values = new double[slots];
        Array.Fill(values, double.NaN);
        return values;
    }
}
