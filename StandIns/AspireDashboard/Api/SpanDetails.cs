using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.Otlp;

namespace SecureShop.StandIns.AspireDashboard.Api;

/// <summary>Reads the kept bytes of a span for one who looks at it.</summary>
internal static class SpanDetails
{
    private const int AttributesField = 9;
    private const int LongestName = 256;

    public static SpanAnswer Read(Span span)
    {
        var events = new List<SpanEventAnswer>();
        var links = new List<SpanLinkAnswer>();
        string? statusMessage = null;
        var reader = new ProtoReader(span.Details);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 11:
                    events.Add(Event(reader.Bytes()));
                    break;
                case 13:
                    links.Add(Link(reader.Bytes()));
                    break;
                case 15:
                    statusMessage = TextPool.Get(ProtoReader.Find(reader.Bytes(), 2), OtlpValue.LongestText);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(
            Identifiers.Text(span.Id),
            span.Parent == 0 ? null : Identifiers.Text(span.Parent),
            span.Sender.Resource,
            span.Sender.Instance,
            span.Scope,
            span.Name,
            KindOf(span.Kind),
            UnixTime.FromNanoseconds(span.Start),
            UnixTime.FromNanoseconds(span.End - span.Start),
            span.Status switch { 1 => "ok", 2 => "error", _ => "unset" },
            string.IsNullOrEmpty(statusMessage) ? null : statusMessage,
            OtlpValue.Attributes(span.Details, AttributesField),
            events,
            links);
    }

    private static SpanEventAnswer Event(ReadOnlySpan<byte> message)
    {
        ulong time = 0;
        var name = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
                time = reader.Fixed64();
            else if (reader.Field == 2)
                name = TextPool.Get(reader.Bytes(), LongestName);
            else
                reader.Skip();
        }

        return new(UnixTime.FromNanoseconds(time), name, OtlpValue.Attributes(message, 3));
    }

    private static SpanLinkAnswer Link(ReadOnlySpan<byte> message) =>
        new(Identifiers.Text(Identifiers.Trace(ProtoReader.Find(message, 1))), Identifiers.Text(Identifiers.Span(ProtoReader.Find(message, 2))));

    private static string KindOf(int kind) => kind switch
    {
        2 => "server",
        3 => "client",
        4 => "producer",
        5 => "consumer",
        _ => "internal",
    };
}
