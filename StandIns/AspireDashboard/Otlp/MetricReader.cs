using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.History.Metrics;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Reads an ExportMetricsServiceRequest: sums, gauges and histograms. Summaries are refused and counted.</summary>
internal sealed class MetricReader(MetricHistory history, TimeProvider clock) : IOtlpReader
{
    private const int LongestName = 256;
    private const int LongestDescription = 512;

    // Of one request; a service has some hundreds.
    private const int MostPoints = 10_000;

    private readonly RateLimit _rate = new(20_000, clock);

    public Intake Intake { get; } = new();

    public int Read(ReadOnlySpan<byte> request)
    {
        var now = clock.GetUtcNow();
        var batch = new Batch((ulong)(now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100);
        var reader = new ProtoReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1)
                ReadResource(reader.Bytes(), batch);
            else
                reader.Skip();
        }

        var dropped = batch.Dropped + history.Add(batch.Points);
        Intake.Count(batch.Points.Count + batch.Dropped, dropped, now);
        return dropped;
    }

    private void ReadResource(ReadOnlySpan<byte> resourceMetrics, Batch batch)
    {
        var sender = Sender.Read(ProtoReader.Find(resourceMetrics, 1));
        var reader = new ProtoReader(resourceMetrics);
        while (reader.Next())
        {
            if (reader.Field == 2)
                ReadScope(reader.Bytes(), sender, batch);
            else
                reader.Skip();
        }
    }

    private void ReadScope(ReadOnlySpan<byte> scopeMetrics, Sender sender, Batch batch)
    {
        var meter = TextPool.Get(ProtoReader.Find(ProtoReader.Find(scopeMetrics, 1), 1), LongestName);
        var reader = new ProtoReader(scopeMetrics);
        while (reader.Next())
        {
            if (reader.Field == 2)
                ReadMetric(reader.Bytes(), sender, meter, batch);
            else
                reader.Skip();
        }
    }

    private void ReadMetric(ReadOnlySpan<byte> metric, Sender sender, string meter, Batch batch)
    {
        var name = TextPool.Get(ProtoReader.Find(metric, 1), LongestName);
        var description = TextPool.Get(ProtoReader.Find(metric, 2), LongestDescription);
        var unit = TextPool.Get(ProtoReader.Find(metric, 3), LongestName);
        var reader = new ProtoReader(metric);
        while (reader.Next())
        {
            var field = reader.Field;
            if (field is not (5 or 7 or 9 or 10 or 11))
            {
                reader.Skip();
                continue;
            }

            var data = reader.Bytes();
            var (isCumulative, isMonotonic) = Aggregation(data);
            var kind = field switch
            {
                5 => MetricKind.Gauge,
                7 => isMonotonic ? MetricKind.Counter : MetricKind.UpDownCounter,
                _ => MetricKind.Histogram,
            };
            ReadPoints(data, field, sender, new(meter, name, unit, description, kind, isCumulative), batch);
        }
    }

    // Temporality (2) is 2 for totals; monotonic (3) of sums alone.
    private static (bool IsCumulative, bool IsMonotonic) Aggregation(ReadOnlySpan<byte> data)
    {
        bool isCumulative = false, isMonotonic = false;
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            if (reader.Field == 2)
                isCumulative = reader.Varint() == 2;
            else if (reader.Field == 3)
                isMonotonic = reader.Varint() != 0;
            else
                reader.Skip();
        }

        return (isCumulative, isMonotonic);
    }

    private void ReadPoints(ReadOnlySpan<byte> data, int form, Sender sender, MetricDescription instrument, Batch batch)
    {
        var reader = new ProtoReader(data);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var message = reader.Bytes();
            var point = form == 11 || batch.Points.Count >= MostPoints || !_rate.Allows() ? null
                : form is 5 or 7 ? PointReader.Number(message, sender, instrument, batch.Now)
                : PointReader.Histogram(message, form == 10, sender, instrument, batch.Now);
            if (point is null)
                batch.Dropped++;
            else
                batch.Points.Add(point);
        }
    }

    private sealed class Batch(ulong now)
    {
        public ulong Now => now;

        public List<MetricPoint> Points { get; } = [];

        public int Dropped { get; set; }
    }
}
