namespace SecureShop.StandIns.AspireDashboard.History.Security;

/// <summary>
/// Who was refused how often, minute by minute. There is room for so many; beyond it the one with the least is forgotten,
/// so that an attacker who takes a new name each time cannot push out one who comes again and again. Its owner locks.
/// </summary>
internal sealed class Offenders
{
    public const int Most = 256;
    private const int MostReasons = 12;
    private const int MostShown = 10;
    private const int Minutes = 62;
    private const string Others = "other";

    private readonly Dictionary<string, Record> _byName = new(StringComparer.Ordinal);

    public void Count(string name, string reason, int count, DateTimeOffset now)
    {
        if (!_byName.TryGetValue(name, out var record))
        {
            if (_byName.Count == Most)
                _byName.Remove(_byName.MinBy(pair => (pair.Value.Total, pair.Value.Last)).Key);
            _byName.Add(name, record = new());
        }

        record.Total += count;
        record.Last = now;
        var known = record.Reasons.ContainsKey(reason) || record.Reasons.Count < MostReasons ? reason : Others;
        if (!record.Reasons.TryGetValue(known, out var minutes))
            record.Reasons.Add(known, minutes = new(Minutes, 0));
        var minute = MinuteOf(now);
        minutes.Set(minute, minutes[minute] + count);
    }

    /// <summary>Those refused most in the last minutes.</summary>
    public IEnumerable<Offender> Top(int minutes, DateTimeOffset now) => _byName
        .Select(pair =>
        {
            var reasons = pair.Value.Reasons
                .Select(reason => (reason.Key, Count: Enumerable.Range(0, minutes + 1).Sum(ago => reason.Value[MinuteOf(now) - ago])))
                .Where(reason => reason.Count > 0)
                .ToDictionary(reason => reason.Key, reason => reason.Count, StringComparer.Ordinal);
            return new Offender(pair.Key, reasons.Values.Sum(), pair.Value.Last, reasons);
        })
        .Where(offender => offender.Count > 0)
        .OrderByDescending(offender => offender.Count)
        .ThenByDescending(offender => offender.Last)
        .Take(MostShown);

    private static long MinuteOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;

    private sealed class Record
    {
        public Dictionary<string, SlotRing<int>> Reasons { get; } = new(StringComparer.Ordinal);

        public long Total { get; set; }

        public DateTimeOffset Last { get; set; }
    }
}
