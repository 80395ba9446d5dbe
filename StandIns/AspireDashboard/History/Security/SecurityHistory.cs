namespace SecureShop.StandIns.AspireDashboard.History.Security;

/// <summary>
/// Security events, counted as they come: by reason and time, by principal, by address, by limit. So a page can show an
/// hour of attacks when the records themselves have long made room for others. Everything is bounded, because those who
/// are counted here choose their names and addresses.
/// </summary>
internal sealed class SecurityHistory(TimeProvider clock)
{
    public const string Category = "SecureShop.Security";
    public const int NewestEvents = 100;
    public static readonly TimeSpan Slot = TimeSpan.FromSeconds(10);
    public const int Slots = 367;
    private const int MostReasons = 64;
    private const int MostLimits = 32;
    private const string Others = "other";

    private readonly Lock _lock = new();
    private readonly Ring<LogEntry> _events = new(NewestEvents);
    private readonly Dictionary<string, SlotRing<int>> _reasons = new(StringComparer.Ordinal);
    private readonly Dictionary<SecurityTotal, SlotRing<int>> _totals = [];
    private readonly Dictionary<(string Class, string By), Counted> _limits = [];
    private readonly Offenders _subjects = new();
    private readonly Offenders _clients = new();
    private readonly Offenders _addresses = new();
    private long _changes;

    public long Changes => Volatile.Read(ref _changes);

    public void Add(LogEntry entry, SecurityFacts facts)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            _changes++;
            if (_events.Count == NewestEvents)
                _events.Pop();
            _events.Push(entry);

            var slot = now.UtcTicks / Slot.Ticks;
            if (TotalOf(entry, facts) is { } total)
                Count(_totals, total, slot, 1);
            if (ReasonOf(entry, facts) is not { } reason)
                return;

            // Of those that came too fast to be told one by one, one event tells how many there were.
            var count = Math.Max(1, facts.Count ?? 1);
            Count(_reasons, _reasons.ContainsKey(reason) || _reasons.Count < MostReasons ? reason : Others, slot, count);
            if (facts.Class is not null || facts.By is not null)
                CountLimit((facts.Class ?? "", facts.By ?? ""), slot, count, now);
            if (!string.IsNullOrEmpty(facts.Subject))
                _subjects.Count(facts.Subject, reason, count, now);
            else if (!string.IsNullOrEmpty(facts.Client))
                _clients.Count(facts.Client, reason, count, now);
            if (!string.IsNullOrEmpty(facts.Address))
                _addresses.Count(facts.Address, reason, count, now);
        }
    }

    /// <summary>Everything of the last minutes.</summary>
    public SecurityPicture Read(int minutes)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            var last = now.UtcTicks / Slot.Ticks;
            var first = (now - TimeSpan.FromMinutes(minutes)).UtcTicks / Slot.Ticks;
            var reasons = _reasons
                .Select(pair => (Reason: pair.Key, Counts: Range(pair.Value, first, last)))
                .Where(reason => reason.Counts.Any(count => count > 0))
                .ToDictionary(reason => reason.Reason, reason => reason.Counts, StringComparer.Ordinal);
            return new(
                first,
                reasons,
                Enum.GetValues<SecurityTotal>().ToDictionary(total => total, total => _totals.TryGetValue(total, out var ring) ? Range(ring, first, last).Sum() : 0),
                [.. _subjects.Top(minutes, now)],
                [.. _clients.Top(minutes, now)],
                [.. _addresses.Top(minutes, now)],
                [.. _limits.Select(pair => new LimitCount(pair.Key.Class, pair.Key.By, Range(pair.Value.Ring, first, last).Sum(), pair.Value.Last)).Where(limit => limit.Count > 0)],
                [.. Newest()]);
        }
    }

    private static SecurityTotal? TotalOf(LogEntry entry, SecurityFacts facts) => entry.EventName switch
    {
        "SignedIn" => SecurityTotal.SignIns,
        "SignInFailed" or "SignInUnknown" => SecurityTotal.Failures,
        "LockedOut" => SecurityTotal.Lockouts,

        // A token that is merely too old was once good.
        "TokenRejected" when facts.Reason != "token_lifetime" => SecurityTotal.ForgedTokens,
        _ => null,
    };

    private static string? ReasonOf(LogEntry entry, SecurityFacts facts) => facts.Reason ?? (entry.EventName == "EventsSuppressed" ? "suppressed" : null);

    private static void Count<TKey>(Dictionary<TKey, SlotRing<int>> rings, TKey key, long slot, int count)
        where TKey : notnull
    {
        if (!rings.TryGetValue(key, out var ring))
            rings.Add(key, ring = new(Slots, 0));
        ring.Set(slot, ring[slot] + count);
    }

    private static int[] Range(SlotRing<int> ring, long first, long last)
    {
        var counts = new int[last - first + 1];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = ring[first + i];
        return counts;
    }

    private void CountLimit((string Class, string By) key, long slot, int count, DateTimeOffset now)
    {
        if (!_limits.TryGetValue(key, out var limit))
        {
            if (_limits.Count == MostLimits)
                return;
            _limits.Add(key, limit = new());
        }

        limit.Ring.Set(slot, limit.Ring[slot] + count);
        limit.Last = now;
    }

    private IEnumerable<LogEntry> Newest()
    {
        for (var number = _events.Next - 1; number >= _events.First; number--)
            yield return _events[number];
    }

    private sealed class Counted
    {
        public SlotRing<int> Ring { get; } = new(Slots, 0);

        public DateTimeOffset Last { get; set; }
    }
}
