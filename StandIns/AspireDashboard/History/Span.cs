using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>
/// A span. What lists and filters need is read when it comes; attributes, events and links stay the bytes they came as,
/// and are read when somebody looks at the trace.
/// </summary>
internal sealed class Span
{
    public required ulong Id { get; init; }

    /// <summary>0 for a root.</summary>
    public required ulong Parent { get; init; }

    public required Sender Sender { get; init; }

    public required string Scope { get; init; }

    public required string Name { get; init; }

    public string? Route { get; init; }

    public required int Kind { get; init; }

    public required int Status { get; init; }

    /// <summary>Of HTTP; 0 where there is none.</summary>
    public int HttpStatus { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public required ulong Start { get; init; }

    public required ulong End { get; init; }

    /// <summary>Fields of an OTLP span: attributes (9), events (11), links (13), status (15).</summary>
    public required byte[] Details { get; init; }

    public bool IsError => Status == 2;

    // The object, its place in the trace, and its bytes; names are shared.
    public int Size => 144 + Details.Length;
}
