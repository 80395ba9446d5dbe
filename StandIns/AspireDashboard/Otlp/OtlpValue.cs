using System.Globalization;
using System.Text;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Reads attributes and their values, as text: what is shown is text, and no number loses digits on its way to a page.</summary>
internal static class OtlpValue
{
    public const int LongestKey = 256;
    public const int LongestText = 4096;
    public const int MostAttributes = 64;

    /// <summary>Lists in lists that are followed.</summary>
    public const int Deepest = 4;
    private const int MostElements = 64;

    /// <summary>Splits a KeyValue.</summary>
    public static void Split(ReadOnlySpan<byte> pair, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = value = default;
        var reader = new ProtoReader(pair);
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = reader.Bytes();
            else if (reader.Field == 2)
                value = reader.Bytes();
            else
                reader.Skip();
        }
    }

    /// <summary>The text of an AnyValue, cut; a value inside a value inside a value is not followed for ever.</summary>
    public static string Text(ReadOnlySpan<byte> value, int longest = LongestText, int depth = 0)
    {
        var reader = new ProtoReader(value);
        var text = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = TextPool.Get(reader.Bytes(), longest);
                    break;
                case 2:
                    text = reader.Varint() != 0 ? "true" : "false";
                    break;
                case 3:
                    text = ((long)reader.Varint()).ToString(CultureInfo.InvariantCulture);
                    break;
                case 4:
                    text = reader.Double().ToString(CultureInfo.InvariantCulture);
                    break;
                case 5 or 6:
                    text = depth < Deepest ? List(reader.Bytes(), reader.Field == 6, longest, depth + 1) : Skipped(ref reader);
                    break;
                case 7:
                    var bytes = reader.Bytes();
                    text = Convert.ToBase64String(bytes[..Math.Min(bytes.Length, longest)]);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return text;
    }

    /// <summary>An int AnyValue, or one of text that is a number.</summary>
    public static long? Number(ReadOnlySpan<byte> value)
    {
        var reader = new ProtoReader(value);
        while (reader.Next())
        {
            if (reader.Field == 3)
                return (long)reader.Varint();
            if (reader.Field == 1)
                return long.TryParse(reader.Bytes(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            reader.Skip();
        }

        return null;
    }

    /// <summary>The attributes that stand in a message as fields of that number, at most <see cref="MostAttributes"/>.</summary>
    public static Dictionary<string, string> Attributes(ReadOnlySpan<byte> message, int field)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new ProtoReader(message);
        while (reader.Next() && attributes.Count < MostAttributes)
        {
            if (reader.Field != field)
            {
                reader.Skip();
                continue;
            }

            Split(reader.Bytes(), out var key, out var value);
            attributes[TextPool.Get(key, LongestKey)] = Text(value);
        }

        return attributes;
    }

    private static string Skipped(ref ProtoReader reader)
    {
        reader.Skip();
        return "…";
    }

    private static string List(ReadOnlySpan<byte> list, bool isMap, int longest, int depth)
    {
        var text = new StringBuilder(isMap ? "{" : "[");
        var reader = new ProtoReader(list);
        for (var count = 0; reader.Next() && text.Length < longest; count++)
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            var item = reader.Bytes();
            if (count > 0)
                text.Append(", ");
            if (count >= MostElements)
            {
                text.Append('…');
                break;
            }

            if (isMap)
            {
                Split(item, out var key, out item);
                text.Append(TextPool.Get(key, LongestKey)).Append(": ");
            }

            text.Append(Text(item, longest, depth));
        }

        if (text.Length > longest)
            text.Length = longest;
        return text.Append(isMap ? '}' : ']').ToString();
    }
}
