namespace SecureShop.SystemTests.Support.Telemetry;

internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>One span, as far as the tests look at it.</summary>
internal sealed record CollectedSpan(
    string Service, string Scope, string TraceId, string Id, string ParentId, string Name, SpanKind Kind, ulong Start, bool Failed,
    IReadOnlyDictionary<string, string> Attributes)
{
    public string this[string attribute] => Attributes.GetValueOrDefault(attribute, "");

    public bool IsSql => Kind == SpanKind.Client && this["db.system.name"] == "postgresql";

    public static CollectedSpan From(ExportedItem item)
    {
        var fields = WireFields.Of(item.Bytes).ToLookup(field => field.Number);
        return new(
            item.Service,
            item.Scope,
            Hex(1),
            Hex(2),
            Hex(4),
            item.Name,
            (SpanKind)fields[6].FirstOrDefault().Value,
            fields[7].First().Value,
            fields[15].Any(status => WireFields.Of(status.Bytes, 3).Any(code => code.Value == 2)),
            WireFields.AttributesOf(item.Bytes, 9));

        string Hex(int number) => fields[number].Select(field => Convert.ToHexStringLower(field.Bytes)).FirstOrDefault() ?? "";
    }

    public override string ToString() => $"{Service} {Kind} \"{Name}\"";
}
