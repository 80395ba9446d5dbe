namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>
/// Walks what is kept as bytes and read only when somebody looks, so that broken bytes are refused at the door and not
/// found then. It goes wherever <see cref="OtlpValue"/> goes, and as deep.
/// </summary>
internal static class OtlpShape
{
    /// <exception cref="InvalidDataException">The bytes are no AnyValue.</exception>
    public static void CheckValue(ReadOnlySpan<byte> value, int depth = 0)
    {
        var reader = new ProtoReader(value);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 or 7:
                    reader.Bytes();
                    break;
                case 2 or 3:
                    reader.Varint();
                    break;
                case 4:
                    reader.Double();
                    break;
                case 5 or 6 when depth < OtlpValue.Deepest:
                    CheckList(reader.Bytes(), reader.Field == 6, depth + 1);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no event of a span.</exception>
    public static void CheckEvent(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.Fixed64();
                    break;
                case 2:
                    reader.Bytes();
                    break;
                case 3:
                    CheckPair(reader.Bytes(), depth: 0);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no link of a span.</exception>
    public static void CheckLink(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field is 1 or 2)
                reader.Bytes();
            else
                reader.Skip();
        }
    }

    private static void CheckPair(ReadOnlySpan<byte> pair, int depth)
    {
        OtlpValue.Split(pair, out _, out var value);
        CheckValue(value, depth);
    }

    private static void CheckList(ReadOnlySpan<byte> list, bool isMap, int depth)
    {
        var reader = new ProtoReader(list);
        while (reader.Next())
        {
            if (reader.Field != 1)
                reader.Skip();
            else if (isMap)
                CheckPair(reader.Bytes(), depth);
            else
                CheckValue(reader.Bytes(), depth);
        }
    }
}
