using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.History.Metrics;

/// <summary>What is measured.</summary>
internal enum MetricKind
{
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
}

/// <summary>An instrument as its sender describes it.</summary>
internal sealed record MetricDescription(string Meter, string Name, string Unit, string Description, MetricKind Kind, bool IsCumulative);

/// <summary>One report of one series.</summary>
internal sealed record MetricPoint(Sender Sender, MetricDescription Instrument, KeyValuePair<string, string>[] Attributes)
{
    /// <summary>Since when it counts; nanoseconds since 1970.</summary>
    public required ulong Start { get; init; }

    public required ulong Time { get; init; }

    /// <summary>Of a histogram the sum.</summary>
    public required double Value { get; init; }

    /// <summary>Of a histogram: how many were in each bucket; one bucket where its bounds are not known.</summary>
    public double[] Buckets { get; init; } = [];

    /// <summary>The upper bound of each bucket but the last.</summary>
    public double[] Bounds { get; init; } = [];
}
