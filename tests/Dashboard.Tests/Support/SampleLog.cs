namespace SecureShop.Dashboard.Tests.Support;

/// <summary>A log record to send.</summary>
internal sealed record SampleLog(string Message)
{
    public DateTimeOffset Time { get; init; } = TimeProvider.System.GetUtcNow();

    /// <summary>Of OTLP: 9 information, 13 warning, 17 error.</summary>
    public int Severity { get; init; } = 9;

    public int EventId { get; init; }

    public string? EventName { get; init; }

    public UInt128 Trace { get; init; }

    public ulong Span { get; init; }

    public IReadOnlyDictionary<string, object?> Attributes { get; init; } = new Dictionary<string, object?>();

    /// <summary>A security event as the services send one.</summary>
    public static SampleLog Security(int id, string name, string? reason, params (string Name, object? Value)[] facts)
    {
        var attributes = facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);
        if (reason is not null)
            attributes["Reason"] = reason;
        return new($"{name}: {reason ?? "done"}") { EventId = id, EventName = name, Severity = reason is null ? 9 : 13, Attributes = attributes };
    }

    public byte[] Write() => OtlpWriter.Message(output =>
    {
        output.Fixed64(1, SampleSpan.Nanoseconds(Time));
        output.Varint(2, Severity);
        output.Bytes(5, OtlpWriter.Value(Message));
        output.Attributes(6, Attributes);
        if (EventId != 0)
            output.Attributes(6, [new("event.id", EventId)]);
        if (Trace != 0)
            output.Bytes(9, SampleSpan.Bytes(Trace));
        if (Span != 0)
            output.Bytes(10, SampleSpan.Bytes(Span));
        output.Fixed64(11, SampleSpan.Nanoseconds(Time));
        if (EventName is not null)
            output.Text(12, EventName);
    });
}
