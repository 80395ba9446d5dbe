using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>A log record; its attributes stay the bytes they came as, and are read when somebody looks.</summary>
internal sealed class LogEntry : IEntry
{
    public long Sequence { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required ulong Time { get; init; }

    public required Sender Sender { get; init; }

    public required string Category { get; init; }

    public required LogSeverity Level { get; init; }

    /// <summary>0 where there is none.</summary>
    public int EventId { get; init; }

    public string? EventName { get; init; }

    public required string Message { get; init; }

    public UInt128 Trace { get; init; }

    public ulong Span { get; init; }

    /// <summary>Attributes, as fields 6 of an OTLP log record.</summary>
    public required byte[] Details { get; init; }

    // The object, its place, the message and the bytes; names are shared.
    public int Size => 176 + (Message.Length * sizeof(char)) + Details.Length;
}

/// <summary>How bad it is.</summary>
internal enum LogSeverity
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}
