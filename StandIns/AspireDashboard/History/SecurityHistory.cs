namespace SecureShop.StandIns.AspireDashboard.History;

/// <summary>What a security event says, as far as it is counted.</summary>
internal sealed class SecurityFacts
{
    public string? Reason { get; set; }

    public string? Subject { get; set; }

    public string? Client { get; set; }

    public string? Address { get; set; }

    public string? Class { get; set; }

    public string? By { get; set; }

    public int? Count { get; set; }
}

/// <summary>Security events.</summary>
internal sealed class SecurityHistory
{
    public const string Category = "SecureShop.Security";

    private long _changes;

    public long Changes => Volatile.Read(ref _changes);

    public void Add(LogEntry entry, SecurityFacts facts) => Interlocked.Increment(ref _changes);
}
