namespace SecureShop.SystemTests.Support.Telemetry;

/// <summary>The spans of one trace, and who called whom.</summary>
internal sealed class Trace(IEnumerable<CollectedSpan> all)
{
    private readonly List<CollectedSpan> spans = [.. all.OrderBy(span => span.Start)];

    public IReadOnlyList<CollectedSpan> Spans => spans;

    public IEnumerable<CollectedSpan> Roots => spans.Where(span => span.ParentId.Length == 0);

    public IEnumerable<CollectedSpan> Orphans => spans.Where(span => span.ParentId.Length > 0 && !spans.Exists(parent => parent.Id == span.ParentId));

    /// <summary>
    /// One line a call, those within it further in. Statements to one store are one line, however many they are; so is what is
    /// fetched only when it is not known yet left out: the issuer's public keys.
    /// </summary>
    public string Shape() => string.Join('\n', Roots.SelectMany(root => Lines(root, "")));

    private List<string> Lines(CollectedSpan span, string indent) =>
        spans.Where(child => child.ParentId == span.Id && !child["url.full"].EndsWith("/jwks", StringComparison.Ordinal))
            .SelectMany(child => Lines(child, indent + "  "))
            .Aggregate(
                new List<string> { $"{indent}{span.Service} {(span["db.system.name"] is { Length: > 0 } store ? store : $"{span.Kind}: {span.Name}")}" },
                (lines, line) => lines.Contains(line, StringComparer.Ordinal) ? lines : [.. lines, line]);
}
