using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Log records, ascending, and what there is to filter by.</summary>
internal sealed record LogsAnswer(IReadOnlyList<LogAnswer> Logs, long First, long Last, IReadOnlyList<string> Categories, IReadOnlyList<string> Events);

internal sealed record LogAnswer(
    long Seq,
    double Time,
    string Resource,
    string Instance,
    string Level,
    string Category,
    int? EventId,
    string? EventName,
    string Message,
    string? TraceId,
    string? SpanId,
    IReadOnlyDictionary<string, string> Attributes,
    string? Exception)
{
    private const int AttributesField = 6;

    public static LogAnswer From(LogEntry entry)
    {
        var attributes = OtlpValue.Attributes(entry.Details, AttributesField);
        return new(
            entry.Sequence,
            UnixTime.FromNanoseconds(entry.Time),
            entry.Sender.Resource,
            entry.Sender.Instance,
            NameOf(entry.Level),
            entry.Category,
            entry.EventId == 0 ? null : entry.EventId,
            entry.EventName,
            entry.Message,
            entry.Trace == 0 ? null : Identifiers.Text(entry.Trace),
            entry.Span == 0 ? null : Identifiers.Text(entry.Span),
            attributes,
            TakeException(attributes));
    }

    public static LogSeverity? LevelOf(string name) => name switch
    {
        "trace" => LogSeverity.Trace,
        "debug" => LogSeverity.Debug,
        "information" => LogSeverity.Information,
        "warning" => LogSeverity.Warning,
        "error" => LogSeverity.Error,
        "critical" => LogSeverity.Critical,
        _ => null,
    };

    private static string NameOf(LogSeverity level) => level switch
    {
        LogSeverity.Trace => "trace",
        LogSeverity.Debug => "debug",
        LogSeverity.Information => "information",
        LogSeverity.Warning => "warning",
        LogSeverity.Error => "error",
        _ => "critical",
    };

    // A stack trace begins with type and message, so it stands for all three.
    private static string? TakeException(Dictionary<string, string> attributes)
    {
        attributes.Remove("exception.type", out var type);
        attributes.Remove("exception.message", out var message);
        attributes.Remove("exception.stacktrace", out var stack);
        return stack ?? (type is null && message is null ? null : $"{type}: {message}");
    }
}
