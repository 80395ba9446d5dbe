using SecureShop.StandIns.AspireDashboard.History;
using SecureShop.StandIns.AspireDashboard.History.Security;

namespace SecureShop.StandIns.AspireDashboard.Otlp;

/// <summary>Reads an ExportLogsServiceRequest.</summary>
internal sealed class LogReader(LogHistory history, SecurityHistory security, int recordsPerSecond, TimeProvider clock) : IOtlpReader
{
    private const int LongestName = 256;
    private const int LongestMessage = 8 * 1024;
    private const int MostDetails = 32 * 1024;

    [ThreadStatic]
    private static Scratch? _scratch;

    private readonly LoadGate _gate = new(recordsPerSecond, clock);
    private long _withoutTrace;

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

        history.Records.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch.Records));
        foreach (var (entry, what) in batch.Security)
            security.Add(entry, what);
        _gate.Arrived(batch.Seen);
        Intake.Count(batch.Seen, batch.Dropped + batch.Cut, clock.GetUtcNow());
        return batch.Dropped;
    }

    private void ReadResource(ReadOnlySpan<byte> resourceLogs, Batch batch)
    {
        var sender = Sender.Read(ProtoReader.Find(resourceLogs, 1));
        var reader = new ProtoReader(resourceLogs);
        while (reader.Next())
        {
            if (reader.Field == 2)
                ReadScope(reader.Bytes(), sender, batch);
            else
                reader.Skip();
        }
    }

    private void ReadScope(ReadOnlySpan<byte> scopeLogs, Sender sender, Batch batch)
    {
        var category = TextPool.Get(ProtoReader.Find(ProtoReader.Find(scopeLogs, 1), 1), LongestName);

        // Security events are never shed: an attacker must not be able to hide one behind noise.
        var shift = category == SecurityHistory.Category ? 0 : batch.Shift;
        var reader = new ProtoReader(scopeLogs);
        while (reader.Next())
        {
            if (reader.Field != 2)
            {
                reader.Skip();
                continue;
            }

            var record = reader.Bytes();
            batch.Seen++;
            if (Keeps(record, shift))
                ReadRecord(record, sender, category, batch);
            else
                batch.Dropped++;
        }
    }

    // The records of a trace that is kept are kept with it.
    private bool Keeps(ReadOnlySpan<byte> record, int shift) => shift == 0
        || LoadGate.Keeps((ulong)Identifiers.Trace(ProtoReader.Find(record, 9)) is > 0 and var trace ? trace : (ulong)Interlocked.Increment(ref _withoutTrace), shift);

    private static void ReadRecord(ReadOnlySpan<byte> message, Sender sender, string category, Batch batch)
    {
        ulong time = 0, observed = 0, span = 0;
        UInt128 trace = 0;
        var severity = 0;
        var text = "";
        var attributes = 0;
        var known = new LogAttributes(category == SecurityHistory.Category);
        batch.Scratch.Clear();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    time = reader.Fixed64();
                    break;
                case 2:
                    severity = (int)reader.Varint();
                    break;
                case 5:
                    text = OtlpValue.Text(reader.Bytes(), LongestMessage);
                    break;
                case 6 when attributes++ < OtlpValue.MostAttributes:
                    known.Take(reader.Bytes());
                    batch.Scratch.Add(reader.Raw);
                    break;
                case 6:
                    reader.Skip();
                    batch.Scratch.LeaveOut();
                    break;
                case 9:
                    trace = Identifiers.Trace(reader.Bytes());
                    break;
                case 10:
                    span = Identifiers.Span(reader.Bytes());
                    break;
                case 11:
                    observed = reader.Fixed64();
                    break;
                case 12:
                    known.EventName = TextPool.Get(reader.Bytes(), LongestName);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var entry = new LogEntry
        {
            Time = time == 0 ? observed : time,
            Sender = sender,
            Category = category,
            Level = LevelOf(severity),
            EventId = known.EventId,
            EventName = string.IsNullOrEmpty(known.EventName) ? null : known.EventName,
            Message = text,
            Trace = trace,
            Span = span,
            Details = batch.Scratch.ToArray(),
        };
        batch.Cut += batch.Scratch.IsWhole ? 0 : 1;
        batch.Records.Add(entry);
        if (known.Security is { } what)
            batch.Security.Add((entry, what));
    }

    // Four grades each, from 1 on; 0 says nothing.
    private static LogSeverity LevelOf(int severity) =>
        severity is < 1 or > 24 ? LogSeverity.Information : (LogSeverity)((severity - 1) / 4);

    private sealed class Batch(int shift, Scratch scratch)
    {
        public int Shift => shift;

        public Scratch Scratch => scratch;

        public List<LogEntry> Records { get; } = [];

        public List<(LogEntry Entry, SecurityFacts Facts)> Security { get; } = [];

        public int Seen { get; set; }

        public int Dropped { get; set; }

        /// <summary>Kept, but not whole.</summary>
        public int Cut { get; set; }
    }
}
