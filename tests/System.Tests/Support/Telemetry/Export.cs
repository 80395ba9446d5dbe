namespace SecureShop.SystemTests.Support.Telemetry;

/// <summary>The body of one request that an exporter sent, out of its gzip.</summary>
/// <param name="Signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
/// <param name="Body">An ExportTraceServiceRequest, or the same of the other signals.</param>
internal sealed record Export(string Signal, byte[] Body)
{
    /// <summary>The spans, log records and instruments in it. All three signals are built alike: resource, scope, item.</summary>
    public IEnumerable<ExportedItem> Items()
    {
        foreach (var resource in WireFields.Of(Body, 1))
        {
            var attributes = WireFields.Of(resource.Bytes, 1).Select(of => WireFields.AttributesOf(of.Bytes, 1)).FirstOrDefault() ?? [];
            foreach (var scope in WireFields.Of(resource.Bytes, 2))
            {
                var name = WireFields.Of(scope.Bytes, 1).Select(of => WireFields.TextOf(of.Bytes, 1)).FirstOrDefault() ?? "";
                foreach (var item in WireFields.Of(scope.Bytes, 2))
                    yield return new(Signal, attributes.GetValueOrDefault("service.name", ""), name, item.Bytes);
            }
        }
    }
}

/// <summary>A span, a log record or an instrument with its points.</summary>
internal sealed record ExportedItem(string Signal, string Service, string Scope, byte[] Bytes)
{
    /// <summary>Logs of one category, and what else an auditor asks for.</summary>
    public bool IsSecurityEvent => Signal == "logs" && Scope == "SecureShop.Security";

    public string Name => Signal switch
    {
        "traces" => WireFields.TextOf(Bytes, 5),
        "metrics" => WireFields.TextOf(Bytes, 1),
        _ => WireFields.TextOf(Bytes, 12),
    };

    /// <summary>For a failure's message: where something stood, not what.</summary>
    public override string ToString() => $"{Signal} of {Service}, {Scope}, \"{Name}\"";
}
