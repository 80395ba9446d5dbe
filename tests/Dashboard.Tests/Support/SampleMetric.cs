using Google.Protobuf;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>Metrics to send, as messages of OTLP.</summary>
internal static class SampleMetric
{
    private const int Delta = 1;
    private const int Cumulative = 2;

    public static byte[] Gauge(string name, string unit, params SamplePoint[] points) =>
        Metric(name, unit, 5, data => Points(data, points, WriteNumber));

    public static byte[] Sum(string name, string unit, bool isMonotonic, bool isCumulative, params SamplePoint[] points) => Metric(name, unit, 7, data =>
    {
        Points(data, points, WriteNumber);
        data.Varint(2, isCumulative ? Cumulative : Delta);
        data.Varint(3, isMonotonic ? 1 : 0);
    });

    public static byte[] Histogram(string name, string unit, bool isCumulative, params SamplePoint[] points) => Metric(name, unit, 9, data =>
    {
        Points(data, points, WriteHistogram);
        data.Varint(2, isCumulative ? Cumulative : Delta);
    });

    public static byte[] ExponentialHistogram(string name, string unit, params SamplePoint[] points) => Metric(name, unit, 10, data =>
    {
        Points(data, points, static (output, point) =>
        {
            output.Attributes(1, point.Attributes);
            WriteTimes(output, point);
            output.Fixed64(4, (ulong)point.Buckets.Sum(count => (long)count));
            output.Double(5, point.Value);
        });
        data.Varint(2, Cumulative);
    });

    public static byte[] Summary(string name, SamplePoint point) => Metric(name, "", 11, data => Points(data, [point], WriteTimes));

    private static byte[] Metric(string name, string unit, int form, Action<CodedOutputStream> data) => OtlpWriter.Message(metric =>
    {
        metric.Text(1, name);
        metric.Text(2, $"What {name} says");
        metric.Text(3, unit);
        metric.Bytes(form, OtlpWriter.Message(data));
    });

    private static void Points(CodedOutputStream data, IEnumerable<SamplePoint> points, Action<CodedOutputStream, SamplePoint> write)
    {
        foreach (var point in points)
            data.Bytes(1, OtlpWriter.Message(output => write(output, point)));
    }

    private static void WriteTimes(CodedOutputStream output, SamplePoint point)
    {
        output.Fixed64(2, SampleSpan.Nanoseconds(point.Start));
        output.Fixed64(3, SampleSpan.Nanoseconds(point.Time));
    }

    private static void WriteNumber(CodedOutputStream output, SamplePoint point)
    {
        WriteTimes(output, point);
        output.Attributes(7, point.Attributes);
        if (point.IsWhole)
            output.Fixed64(6, (ulong)(long)point.Value);
        else
            output.Double(4, point.Value);
    }

    private static void WriteHistogram(CodedOutputStream output, SamplePoint point)
    {
        WriteTimes(output, point);
        output.Fixed64(4, (ulong)point.Buckets.Sum(count => (long)count));
        output.Double(5, point.Value);
        Packed(output, 6, point.Buckets);
        Packed(output, 7, [.. point.Bounds.Select(BitConverter.DoubleToUInt64Bits)]);
        output.Attributes(9, point.Attributes);
    }

    private static void Packed(CodedOutputStream output, int field, IReadOnlyList<ulong> values)
    {
        output.Bytes(field, OtlpWriter.Message(inner =>
        {
            foreach (var value in values)
                inner.WriteFixed64(value);
        }));
    }
}

/// <summary>A data point; of a histogram the value is the sum.</summary>
internal sealed record SamplePoint(DateTimeOffset Start, DateTimeOffset Time, double Value)
{
    public bool IsWhole { get; init; }

    public IReadOnlyList<ulong> Buckets { get; init; } = [];

    public IReadOnlyList<double> Bounds { get; init; } = [];

    public IReadOnlyDictionary<string, object?> Attributes { get; init; } = new Dictionary<string, object?>();
}
