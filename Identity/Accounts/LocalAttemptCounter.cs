namespace SecureShop.Identity.Accounts;

/// <summary>Counts in this process alone, for the time that Redis is away. Bounded, so that made-up keys cannot fill the memory.</summary>
internal sealed class LocalAttemptCounter(TimeProvider clock) : IAttemptCounter
{
    private const int MaxKeys = 50_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Attempts, DateTimeOffset Until)> counts = new(StringComparer.Ordinal);

    public Task<AttemptCount> AddAsync(string key, TimeSpan window, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            var known = counts.TryGetValue(key, out var entry) && entry.Until > now;
            if (!known && counts.Count >= MaxKeys && !MakeRoom(now))
            {
                // Full of live keys, which is an attack: new keys are refused rather than left uncounted.
                return Task.FromResult(new AttemptCount(long.MaxValue, window));
            }

            entry = known ? (entry.Attempts + 1, entry.Until) : (1, now + window);
            counts[key] = entry;
            return Task.FromResult(new AttemptCount(entry.Attempts, entry.Until - now));
        }
    }

    public Task TakeBackAsync(string key, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (counts.TryGetValue(key, out var entry) && entry.Attempts > 0)
                counts[key] = (entry.Attempts - 1, entry.Until);
        }

        return Task.CompletedTask;
    }

    public Task ForgetAsync(string key, CancellationToken cancellationToken)
    {
        lock (gate)
            counts.Remove(key);
        return Task.CompletedTask;
    }

    private bool MakeRoom(DateTimeOffset now)
    {
        foreach (var key in counts.Where(c => c.Value.Until <= now).Select(c => c.Key).ToList())
            counts.Remove(key);
        return counts.Count < MaxKeys;
    }
}
