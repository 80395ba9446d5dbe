namespace SecureShop.ServiceDefaults.Services;

/// <summary>
/// Whether one replica of a service is asked. After too many failures it is left alone, so that nobody waits for one that hangs and it
/// can come to itself; then one request at a time tries it, until one is answered.
/// </summary>
public sealed class Circuit(TimeProvider clock)
{
    private const int Failures = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private int answers, failures;
    private long since;
    private bool trying;

    /// <summary>Whether it is left alone.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether this request is the one that tries it.</summary>
    public bool TryTrial()
    {
        if (!IsOpen)
            return false;
        lock (gate)
            return IsOpen && !trying && clock.GetElapsedTime(since) >= Break && (trying = true);
    }

    /// <summary>Counts what became of a request: answered, failed, or neither where its caller is to blame. Answers whether the circuit has changed.</summary>
    public bool Report(bool? answered, bool trial)
    {
        lock (gate)
        {
            trying &= !trial;

            // When it opens, others are under way yet: nothing is learnt of them.
            if (answered is null || IsOpen != trial)
                return false;
            if (trial || clock.GetElapsedTime(since) >= Window)
                (answers, failures, since) = (0, 0, clock.GetTimestamp());
            answers++;
            failures += answered.Value ? 0 : 1;

            // Half of all: else a caller who finds a request that fails could shut out everybody by it.
            var open = trial ? !answered.Value : failures >= Failures && failures * 2 >= answers;
            if (open)
                since = clock.GetTimestamp();
            return IsOpen != (IsOpen = open);
        }
    }
}
