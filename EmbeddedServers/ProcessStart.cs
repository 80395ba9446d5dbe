namespace SecureShop.EmbeddedServers;

/// <summary>How a child asks to be stopped.</summary>
public enum StopSignal
{
    /// <summary>SIGTERM: what services and Redis understand as "finish and leave".</summary>
    Terminate,

    /// <summary>SIGINT: Postgres' fast shutdown, which does not wait for its clients.</summary>
    Interrupt,
}

/// <summary>What to start.</summary>
public sealed record ProcessStart
{
    /// <summary>A program's path, or its name to be found on PATH.</summary>
    public required string FileName { get; init; }

    /// <summary>The arguments, passed as they are: no shell reads them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables on top of those of this process; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Where it runs; by default where this process does.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The account it runs under, which needs root; by default that of this process.</summary>
    public string? UserName { get; init; }

    /// <summary>How it is asked to stop.</summary>
    public StopSignal StopSignal { get; init; } = StopSignal.Terminate;
}
