using Google.Protobuf;

namespace SecureShop.SystemTests.Support.Telemetry;

/// <summary>One field of a protobuf message: bytes for what has a length, a value for what is a number.</summary>
internal readonly record struct WireField(int Number, byte[] Bytes, ulong Value)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}

/// <summary>Reads OTLP without its generated classes; the numbers are the fields of opentelemetry/proto.</summary>
internal static class WireFields
{
    public static IEnumerable<WireField> Of(byte[] message)
    {
        using var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            yield return WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => new(number, [], input.ReadUInt64()),
                WireFormat.WireType.Fixed64 => new(number, [], input.ReadFixed64()),
                WireFormat.WireType.Fixed32 => new(number, [], input.ReadFixed32()),
                _ => new(number, input.ReadBytes().ToByteArray(), 0),
            };
        }
    }

    public static IEnumerable<WireField> Of(byte[] message, int number) => Of(message).Where(field => field.Number == number);

    public static string TextOf(byte[] message, int number) => Of(message, number).FirstOrDefault() is { Bytes: not null } field ? field.Text : "";

    /// <summary>The attributes in a field of the message, numbers and truth values as text; arrays and lists are left out.</summary>
    public static Dictionary<string, string> AttributesOf(byte[] message, int number)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Of(message, number))
        {
            var value = Of(pair.Bytes, 2).SelectMany(any => Of(any.Bytes)).FirstOrDefault();
            attributes[TextOf(pair.Bytes, 1)] = value.Number switch
            {
                1 => value.Text,
                2 => value.Value == 0 ? "false" : "true",
                3 => ((long)value.Value).ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => "",
            };
        }

        return attributes;
    }
}
