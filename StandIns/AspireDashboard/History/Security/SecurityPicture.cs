namespace SecureShop.StandIns.AspireDashboard.History.Security;

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

/// <summary>What is summed up besides reasons.</summary>
internal enum SecurityTotal
{
    SignIns,
    Failures,
    Lockouts,
    ForgedTokens,
}

/// <summary>The security events of some minutes, counted.</summary>
internal sealed record SecurityPicture(
    long FirstSlot,
    IReadOnlyDictionary<string, int[]> Reasons,
    IReadOnlyDictionary<SecurityTotal, int> Totals,
    IReadOnlyList<Offender> Subjects,
    IReadOnlyList<Offender> Clients,
    IReadOnlyList<Offender> Addresses,
    IReadOnlyList<LimitCount> Limits,
    IReadOnlyList<LogEntry> Events);

/// <summary>One who was refused, how often and why.</summary>
internal sealed record Offender(string Name, int Count, DateTimeOffset Last, IReadOnlyDictionary<string, int> Reasons);

/// <summary>How often a limit was hit.</summary>
internal sealed record LimitCount(string Class, string By, int Count, DateTimeOffset Last);
