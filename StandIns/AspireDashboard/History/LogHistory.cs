namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>The newest log records, and which categories and events are among them.</summary>
internal sealed class LogHistory
{
    public const int MostRecords = 50_000;
    public const long MostBytes = 32 * 1024 * 1024;

    public LogHistory() => Records = new(MostRecords, MostBytes, Added, Removed);

    public BoundedHistory<LogEntry> Records { get; }

    public NameCounts Categories { get; } = new();

    public NameCounts Events { get; } = new();

    private void Added(LogEntry entry)
    {
        Categories.Add(entry.Category);
        Events.Add(entry.EventName);
    }

    private void Removed(LogEntry entry)
    {
        Categories.Remove(entry.Category);
        Events.Remove(entry.EventName);
    }
}

/// <summary>Which names occur, for lists to choose from.</summary>
internal sealed class NameCounts
{
    private const int MostShown = 200;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>In order; the most frequent where there are too many.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_counts)
                return [.. _counts.OrderByDescending(pair => pair.Value).Take(MostShown).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
        }
    }

    public void Add(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        lock (_counts)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _)++;
    }

    public void Remove(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        lock (_counts)
        {
            if (--System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_counts, name) == 0)
                _counts.Remove(name);
        }
    }
}
