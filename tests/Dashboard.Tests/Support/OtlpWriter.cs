using Google.Protobuf;

namespace SecureShop.Dashboard.Tests.Support;

/// <summary>
/// Writes OTLP by field numbers, with a library that the receiver does not use: what one wrote the other must read.
/// </summary>
internal static class OtlpWriter
{
    public static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    public static void Bytes(this CodedOutputStream output, int field, ReadOnlySpan<byte> value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    public static void Text(this CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    public static void Varint(this CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public static void Fixed64(this CodedOutputStream output, int field, ulong value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteFixed64(value);
    }

    public static void Double(this CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    /// <summary>An AnyValue: text, bool, whole number, number, list, map or bytes.</summary>
    public static byte[] Value(object? value) => Message(output =>
    {
        switch (value)
        {
            case string text:
                output.Text(1, text);
                break;
            case bool flag:
                output.Varint(2, flag ? 1 : 0);
                break;
            case int or long:
                output.Varint(3, Convert.ToInt64(value, null));
                break;
            case double number:
                output.Double(4, number);
                break;
            case byte[] bytes:
                output.Bytes(7, bytes);
                break;
            case IReadOnlyDictionary<string, object?> map:
                output.Bytes(6, Message(inner => inner.Attributes(1, map)));
                break;
            case IEnumerable<object?> list:
                output.Bytes(5, Message(inner =>
                {
                    foreach (var item in list)
                        inner.Bytes(1, Value(item));
                }));
                break;
            default:
                break;
        }
    });

    public static void Attributes(this CodedOutputStream output, int field, IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        foreach (var (key, value) in attributes)
        {
            output.Bytes(field, Message(pair =>
            {
                pair.Text(1, key);
                pair.Bytes(2, Value(value));
            }));
        }
    }

    /// <summary>An Export*ServiceRequest of one resource: scopes by their names, each with its items in field 2.</summary>
    public static byte[] Request(string resource, string instance, IEnumerable<(string Scope, IEnumerable<byte[]> Items)> scopes) => Message(request =>
        request.Bytes(1, Message(perResource =>
        {
            perResource.Bytes(1, Message(described => described.Attributes(
                1, new Dictionary<string, object?> { ["service.name"] = resource, ["service.instance.id"] = instance, ["telemetry.sdk.language"] = "dotnet" })));
            foreach (var (scope, items) in scopes)
            {
                perResource.Bytes(2, Message(perScope =>
                {
                    perScope.Bytes(1, Message(named => named.Text(1, scope)));
                    foreach (var item in items)
                        perScope.Bytes(2, item);
                }));
            }
        })));
}
