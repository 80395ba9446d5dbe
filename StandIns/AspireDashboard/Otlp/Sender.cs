namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Who sent something: a resource of the model and one of its copies.</summary>
internal sealed record Sender(string Resource, string Instance)
{
    private const int LongestName = 100;
    private const string Nameless = "unknown";

    /// <summary>Out of an OTLP Resource message.</summary>
    public static Sender Read(ReadOnlySpan<byte> resource)
    {
        string name = Nameless, instance = "";
        var reader = new ProtoReader(resource);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }

            OtlpValue.Split(reader.Bytes(), out var key, out var value);
            if (key.SequenceEqual("service.name"u8))
                name = OtlpValue.Text(value, LongestName);
            else if (key.SequenceEqual("service.instance.id"u8))
                instance = OtlpValue.Text(value, LongestName);
        }

        return new(name, instance.Length == 0 ? name : instance);
    }
}
