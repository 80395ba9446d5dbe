using OpenTelemetry;
using OpenTelemetry.Logs;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>
/// Puts the number of an event on its record. The exporter sends the name as OTLP's <c>event_name</c> and leaves the number out.
/// The message's template goes: it repeats the body.
/// </summary>
internal sealed class LogEventId : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        var facts = (data.Attributes ?? []).Where(fact => fact.Key != "{OriginalFormat}");
        data.Attributes = data.EventId.Id == 0 ? [.. facts] : [.. facts, new("event.id", data.EventId.Id)];
    }
}
