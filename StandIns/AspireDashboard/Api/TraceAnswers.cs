using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Traces, those that began last first; <c>Last</c> is the newest change of any.</summary>
internal sealed record TracesAnswer(IReadOnlyList<TraceRow> Traces, long Last);

internal sealed record TraceRow(
    string TraceId,
    long Seq,
    double Start,
    double Duration,
    string Name,
    string Resource,
    int? StatusCode,
    bool Error,
    int Spans,
    IReadOnlyList<TraceServiceAnswer> Services)
{
    public static TraceRow From(Trace trace) => new(
        Identifiers.Text(trace.Id),
        trace.Sequence,
        UnixTime.FromNanoseconds(trace.Start),
        UnixTime.FromNanoseconds(trace.End - trace.Start),
        trace.Root.Name,
        trace.Root.Sender.Resource,
        trace.Root.HttpStatus == 0 ? null : trace.Root.HttpStatus,
        trace.HasError,
        trace.Spans.Count,
        [.. trace.Services.Select(service => new TraceServiceAnswer(service.Resource, service.Spans, service.Errors))]);
}

internal sealed record TraceServiceAnswer(string Resource, int Spans, int Errors);

/// <summary>A trace whole; <c>Logs</c> says how many records of it are kept.</summary>
internal sealed record TraceAnswer(string TraceId, double Start, double Duration, bool Truncated, int Logs, IReadOnlyList<SpanAnswer> Spans);

internal sealed record SpanAnswer(
    string SpanId,
    string? ParentId,
    string Resource,
    string Instance,
    string Scope,
    string Name,
    string Kind,
    double Start,
    double Duration,
    string Status,
    string? StatusMessage,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<SpanEventAnswer> Events,
    IReadOnlyList<SpanLinkAnswer> Links);

internal sealed record SpanEventAnswer(double Time, string Name, IReadOnlyDictionary<string, string> Attributes);

internal sealed record SpanLinkAnswer(string TraceId, string SpanId);
