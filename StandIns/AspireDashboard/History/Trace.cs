namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>The spans of one trace, and what a list shows of them, kept up as they come. Its owner locks.</summary>
internal sealed class Trace(UInt128 id)
{
    /// <summary>A trace that never ends must not push out all others.</summary>
    public const int MostSpans = 2_000;
    private const int MostRoutes = 8;

    // The object, its places in table and ring, and its lists.
    private const int OwnSize = 400;

    private readonly List<Span> _spans = [];
    private readonly List<TraceService> _services = [];
    private readonly List<string> _routes = [];

    public UInt128 Id => id;

    public IReadOnlyList<Span> Spans => _spans;

    public IReadOnlyList<TraceService> Services => _services;

    public IReadOnlyList<string> Routes => _routes;

    /// <summary>The newest change of all traces when this one changed last.</summary>
    public long Sequence { get; set; }

    public ulong Start { get; private set; } = ulong.MaxValue;

    public ulong End { get; private set; }

    /// <summary>The span without a parent; until it comes, the one that began first.</summary>
    public Span Root { get; private set; } = null!;

    public bool HasError { get; private set; }

    /// <summary>Whether spans were left out because there were too many.</summary>
    public bool IsTruncated { get; private set; }

    public long Bytes { get; private set; } = OwnSize;

    public bool Add(Span span)
    {
        if (_spans.Count == MostSpans)
        {
            IsTruncated = true;
            return false;
        }

        _spans.Add(span);
        Bytes += span.Size;
        Start = Math.Min(Start, span.Start);
        End = Math.Max(End, span.End);
        HasError |= span.IsError;
        if (Root is null || (span.Parent == 0, Root.Parent == 0) is (true, false) || ((span.Parent == 0) == (Root.Parent == 0) && span.Start < Root.Start))
            Root = span;
        if (span.Route is { } route && _routes.Count < MostRoutes && !_routes.Contains(route, StringComparer.Ordinal))
            _routes.Add(route);
        CountService(span);
        return true;
    }

    private void CountService(Span span)
    {
        var index = _services.FindIndex(service => string.Equals(service.Resource, span.Sender.Resource, StringComparison.Ordinal));
        var known = index < 0 ? new(span.Sender.Resource, 0, 0) : _services[index];
        var counted = known with { Spans = known.Spans + 1, Errors = known.Errors + (span.IsError ? 1 : 0) };
        if (index < 0)
            _services.Add(counted);
        else
            _services[index] = counted;
    }
}

/// <summary>How much of a trace a resource did.</summary>
internal readonly record struct TraceService(string Resource, int Spans, int Errors);
