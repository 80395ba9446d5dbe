namespace SecureShop.StandIns.AspireDashboard.Serving;

/// <summary>What went wrong inside the dashboard. It must never take the host down, and must not be hidden either.</summary>
internal sealed class Failures
{
    private long _count;
    private string? _last;

    public long Count => Volatile.Read(ref _count);

    /// <summary>The newest, for the one who is signed in.</summary>
    public string? Last => Volatile.Read(ref _last);

    public void Note(Exception problem)
    {
        Interlocked.Increment(ref _count);
        Volatile.Write(ref _last, $"{problem.GetType().Name}: {problem.Message}");
    }
}
