using SecureShop.StandIns.AspireDashboard.History;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Reads an ExportTraceServiceRequest.</summary>
internal sealed class TraceReader(TraceHistory history, int spansPerSecond, TimeProvider clock) : IOtlpReader
{
    private const int LongestName = 256;
    private const int MostDetails = 16 * 1024;
    private const int MostEvents = 32;

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly LoadGate _gate = new(spansPerSecond, clock);

    public Intake Intake { get; } = new();

    public int Read(ReadOnlySpan<byte> request)
    {
        var batch = new Batch(_gate.Shift, _scratch ??= new(MostDetails));
        var reader = new ProtoReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1)
                ReadResource(reader.Bytes(), batch);
            else
                reader.Skip();
        }

        var dropped = batch.Dropped + history.Add(batch.Spans);
        _gate.Arrived(batch.Seen);
        Intake.Count(batch.Seen, dropped + batch.Cut, clock.GetUtcNow());
        return dropped;
    }

    private static void ReadResource(ReadOnlySpan<byte> resourceSpans, Batch batch)
    {
        var sender = Sender.Read(ProtoReader.Find(resourceSpans, 1));
        var reader = new ProtoReader(resourceSpans);
        while (reader.Next())
        {
            if (reader.Field == 2)
                ReadScope(reader.Bytes(), sender, batch);
            else
                reader.Skip();
        }
    }

    private static void ReadScope(ReadOnlySpan<byte> scopeSpans, Sender sender, Batch batch)
    {
        var scope = TextPool.Get(ProtoReader.Find(ProtoReader.Find(scopeSpans, 1), 1), LongestName);
        var reader = new ProtoReader(scopeSpans);
        while (reader.Next())
        {
            if (reader.Field == 2)
                ReadSpan(reader.Bytes(), sender, scope, batch);
            else
                reader.Skip();
        }
    }

    private static void ReadSpan(ReadOnlySpan<byte> message, Sender sender, string scope, Batch batch)
    {
        batch.Seen++;
        var trace = Identifiers.Trace(ProtoReader.Find(message, 1));

        // Before anything else of it is read: what is shed must cost next to nothing.
        if (trace == 0 || !LoadGate.Keeps((ulong)trace, batch.Shift))
        {
            batch.Dropped++;
            return;
        }

        ulong id = 0, parent = 0, start = 0, end = 0;
        int kind = 0, status = 0, attributes = 0, events = 0;
        var name = "";
        var known = default(KnownAttributes);
        batch.Scratch.Clear();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    id = Identifiers.Span(reader.Bytes());
                    break;
                case 4:
                    parent = Identifiers.Span(reader.Bytes());
                    break;
                case 5:
                    name = TextPool.Get(reader.Bytes(), LongestName);
                    break;
                case 6:
                    kind = (int)reader.Varint();
                    break;
                case 7:
                    start = reader.Fixed64();
                    break;
                case 8:
                    end = reader.Fixed64();
                    break;
                case 9:
                    known.Take(reader.Bytes());
                    batch.Keep(reader.Raw, attributes++ < OtlpValue.MostAttributes);
                    break;
                case 11:
                    OtlpShape.CheckEvent(reader.Bytes());
                    batch.Keep(reader.Raw, events++ < MostEvents);
                    break;
                case 13:
                    OtlpShape.CheckLink(reader.Bytes());
                    batch.Keep(reader.Raw, events++ < MostEvents);
                    break;
                case 15:
                    status = StatusCode(reader.Bytes());
                    batch.Keep(reader.Raw, fits: true);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (id == 0)
        {
            batch.Dropped++;
            return;
        }

        batch.Cut += batch.Scratch.IsWhole ? 0 : 1;
        batch.Spans.Add((trace, new Span
        {
            Id = id,
            Parent = parent,
            Sender = sender,
            Scope = scope,
            Name = name,
            Route = known.Route,
            HttpStatus = known.HttpStatus,
            Kind = kind,
            Status = status,
            Start = start,
            End = Math.Max(start, end),
            Details = batch.Scratch.ToArray(),
        }));
    }

    private static int StatusCode(ReadOnlySpan<byte> status)
    {
        var code = 0;
        var reader = new ProtoReader(status);
        while (reader.Next())
        {
            if (reader.Field == 3)
                code = (int)reader.Varint();
            else if (reader.Field == 2)
                reader.Bytes();
            else
                reader.Skip();
        }

        return code;
    }

    private sealed class Batch(int shift, Scratch scratch)
    {
        public int Shift => shift;

        public Scratch Scratch => scratch;

        public List<(UInt128 Trace, Span Span)> Spans { get; } = [];

        public int Seen { get; set; }

        public int Dropped { get; set; }

        /// <summary>Kept, but not whole.</summary>
        public int Cut { get; set; }

        public void Keep(ReadOnlySpan<byte> field, bool fits)
        {
            if (fits)
                scratch.Add(field);
            else
                scratch.LeaveOut();
        }
    }

    /// <summary>What a list shows of a span's attributes.</summary>
    private struct KnownAttributes
    {
        public string? Route { get; private set; }

        public int HttpStatus { get; private set; }

        public void Take(ReadOnlySpan<byte> pair)
        {
            OtlpValue.Split(pair, out var key, out var value);
            OtlpShape.CheckValue(value);
            if (key.SequenceEqual("http.route"u8))
                Route = OtlpValue.Text(value, LongestName);
            else if (key.SequenceEqual("http.response.status_code"u8))
                HttpStatus = (int)Math.Clamp(OtlpValue.Number(value) ?? 0, 0, 999);
        }
    }
}
