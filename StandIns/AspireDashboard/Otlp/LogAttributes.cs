using SecureShop.StandIns.AspireDashboard.History.Security;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>
/// What is read of a record's attributes when it comes: its event, under each of the names that exporters gave it, and of
/// a security event what is counted.
/// </summary>
internal struct LogAttributes(bool isSecurity)
{
    private const int Longest = 128;

    public int EventId { get; private set; }

    public string? EventName { get; set; }

    /// <summary>Null for any other record.</summary>
    public SecurityFacts? Security { get; } = isSecurity ? new() : null;

    public void Take(ReadOnlySpan<byte> pair)
    {
        OtlpValue.Split(pair, out var key, out var value);
        OtlpShape.CheckValue(value);
        if (key.SequenceEqual("event.id"u8) || key.SequenceEqual("logrecord.event.id"u8) || key.SequenceEqual("EventId"u8) || (Security is not null && key.SequenceEqual("Id"u8)))
            EventId = (int)Math.Clamp(OtlpValue.Number(value) ?? 0, 0, int.MaxValue);
        else if (key.SequenceEqual("event.name"u8) || key.SequenceEqual("logrecord.event.name"u8) || (Security is not null && key.SequenceEqual("Name"u8)))
            EventName = OtlpValue.Text(value, Longest);
        else if (Security is not null)
            TakeFact(Security, key, value);
    }

    private static void TakeFact(SecurityFacts facts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.SequenceEqual("Reason"u8))
            facts.Reason = OtlpValue.Text(value, Longest);
        else if (key.SequenceEqual("Subject"u8))
            facts.Subject = OtlpValue.Text(value, Longest);
        else if (key.SequenceEqual("Client"u8))
            facts.Client = OtlpValue.Text(value, Longest);
        else if (key.SequenceEqual("Address"u8))
            facts.Address = OtlpValue.Text(value, Longest);
        else if (key.SequenceEqual("Class"u8))
            facts.Class = OtlpValue.Text(value, Longest);
        else if (key.SequenceEqual("By"u8))
            facts.By = OtlpValue.Text(value, Longest);
        else if (key.SequenceEqual("Count"u8))
            facts.Count = (int)Math.Clamp(OtlpValue.Number(value) ?? 1, 0, 1_000_000);
    }
}
