namespace SecureShop.ServiceDefaults.Limits;

/// <summary>
/// Counts in this process alone, for the time that Redis is away. Bounded, so that made-up keys cannot fill the memory; there are
/// three tables, so that made-up accounts crowd out neither network addresses nor those who have shown something.
/// </summary>
public sealed class LocalAttemptCounter(TimeProvider clock, int maxKeys = 50_000)
{
    /// <summary>What the keys of accounts begin with, which anybody can make up.</summary>
    public const string Account = "a|";

    /// <summary>What the keys begin with that nobody can make up.</summary>
    public const string Proven = "p|";

    private readonly BoundedCounters<Attempts> accounts = new(clock, maxKeys);
    private readonly BoundedCounters<Attempts> proven = new(clock, maxKeys);
    private readonly BoundedCounters<Attempts> networks = new(clock, maxKeys);

    /// <summary>Counts one attempt.</summary>
    public AttemptCount Add(string key, TimeSpan window)
    {
        var now = clock.GetUtcNow().UtcTicks;
        while (true)
        {
            // A table full of live accounts is an attack with made-up ones. Those that find no place in it share one counter, and so
            // soon wait: what cannot be counted is not tried.
            if (Table(key).Find(key).TryAdd(window, now) is { } count)
                return count;
        }
    }

    /// <summary>The last attempt does not count, or none so far does.</summary>
    public void TakeBack(string key, bool all) => Table(key).Known(key)?.TakeBack(all);

    private BoundedCounters<Attempts> Table(string key)
        => key.StartsWith(Account, StringComparison.Ordinal) ? accounts : key.StartsWith(Proven, StringComparison.Ordinal) ? proven : networks;

    private sealed class Attempts : IBoundedCounter
    {
        private readonly Lock gate = new();
        private long attempts, until;
        private bool retired;

        /// <summary>Null when this counter was swept away meanwhile: counting on it would be forgotten.</summary>
        public AttemptCount? TryAdd(TimeSpan window, long now)
        {
            lock (gate)
            {
                if (retired)
                    return null;
                if (now >= until)
                    (attempts, until) = (0, now + window.Ticks);
                return new(++attempts, new(until - now));
            }
        }

        public void TakeBack(bool all)
        {
            lock (gate)
                attempts = all ? 0 : Math.Max(0, attempts - 1);
        }

        public bool TryRetire(long now)
        {
            lock (gate)
                return retired = now >= until;
        }
    }
}
