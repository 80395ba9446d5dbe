using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SecureShop.StandIns.AspireDashboard.History.Metrics;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Reads one data point; null for one that says nothing.</summary>
internal static class PointReader
{
    private const int LongestText = 128;
    private const int MostAttributes = 16;
    private const int MostBuckets = 200;

    public static MetricPoint? Number(ReadOnlySpan<byte> message, Sender sender, MetricDescription instrument, ulong now)
    {
        ulong start = 0, time = 0;
        double? value = null;
        var attributes = new List<KeyValuePair<string, string>>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    start = reader.Fixed64();
                    break;
                case 3:
                    time = reader.Fixed64();
                    break;
                case 4:
                    value = reader.Double();
                    break;
                case 6:
                    value = (long)reader.Fixed64();
                    break;
                case 7:
                    Take(reader.Bytes(), attributes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value is { } known && double.IsFinite(known)
            ? new(sender, instrument, Sorted(attributes)) { Start = start, Time = Past(time, now), Value = known }
            : null;
    }

    /// <summary>One with exponential or too many buckets is kept as its count and sum: rate and mean are shown, and no percentiles.</summary>
    public static MetricPoint? Histogram(ReadOnlySpan<byte> message, bool isExponential, Sender sender, MetricDescription instrument, ulong now)
    {
        ulong start = 0, time = 0, count = 0;
        double sum = 0;
        var attributes = new List<KeyValuePair<string, string>>();
        List<double> buckets = [], bounds = [];
        var attributesField = isExponential ? 1 : 9;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == attributesField)
            {
                Take(reader.Bytes(), attributes);
                continue;
            }

            switch (reader.Field)
            {
                case 2:
                    start = reader.Fixed64();
                    break;
                case 3:
                    time = reader.Fixed64();
                    break;
                case 4:
                    count = reader.Fixed64();
                    break;
                case 5:
                    sum = reader.Double();
                    break;
                case 6 when !isExponential:
                    Fixed(ref reader, buckets, static bits => bits);
                    break;
                case 7 when !isExponential:
                    Fixed(ref reader, bounds, BitConverter.UInt64BitsToDouble);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (buckets.Count != bounds.Count + 1 || buckets.Count > MostBuckets || !IsRising(bounds))
            (buckets, bounds) = ([count], []);
        return double.IsFinite(sum)
            ? new(sender, instrument, Sorted(attributes)) { Start = start, Time = Past(time, now), Value = sum, Buckets = [.. buckets], Bounds = [.. bounds] }
            : null;
    }

    // A clock that runs ahead would push out everything that was kept.
    private static ulong Past(ulong time, ulong now) => time == 0 ? now : Math.Min(time, now);

    private static void Take(ReadOnlySpan<byte> pair, List<KeyValuePair<string, string>> attributes)
    {
        if (attributes.Count == MostAttributes)
            return;
        OtlpValue.Split(pair, out var key, out var value);
        attributes.Add(new(Clean(TextPool.Get(key, LongestText)), Clean(OtlpValue.Text(value, LongestText))));
    }

    private static string Clean(string text) => text.Replace('\u001f', ' ');

    private static KeyValuePair<string, string>[] Sorted(List<KeyValuePair<string, string>> attributes)
    {
        attributes.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return [.. attributes];
    }

    // Repeated numbers come packed into one field or each in its own.
    private static void Fixed(ref ProtoReader reader, List<double> into, Func<ulong, double> convert)
    {
        if (!reader.IsBytes)
        {
            Add(reader.Fixed64(), into, convert);
            return;
        }

        var packed = reader.Bytes();
        if (packed.Length % sizeof(ulong) != 0)
            throw new InvalidDataException("A packed field ends within a number.");
        foreach (var bits in MemoryMarshal.Cast<byte, ulong>(packed))
            Add(BitConverter.IsLittleEndian ? bits : BinaryPrimitives.ReverseEndianness(bits), into, convert);
    }

    private static void Add(ulong bits, List<double> into, Func<ulong, double> convert)
    {
        if (into.Count <= MostBuckets)
            into.Add(convert(bits));
    }

    private static bool IsRising(List<double> bounds)
    {
        for (var i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
                return false;
        }

        return true;
    }
}
