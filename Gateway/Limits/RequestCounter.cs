using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Gateway.Limits;

/// <summary>
/// What a counter said: whether the request passes, what is left of the tightest window, and when it starts anew; and whether it
/// is the first that is refused in this minute.
/// </summary>
internal readonly record struct Lease(bool Granted, int Limit, int Remaining, TimeSpan Window, TimeSpan Reset, bool First);

/// <summary>
/// Counts requests per key in several fixed windows at once. Taking is one step under the key's lock, so that racing
/// requests never share the last place, and a refused request takes nothing. The number of keys is bounded, and memory stays what
/// it is: when more addresses come than fit, the networks that most come from are counted as one caller each.
/// </summary>
internal sealed class RequestCounter(TimeProvider clock, int maxKeys = 100_000)
{
    private readonly BoundedCounters<Windows> counters = new(clock, maxKeys);

    public Lease Take(string key, Quota quota)
    {
        var now = clock.GetUtcNow().UtcTicks;
        while (true)
        {
            if (counters.Find(key).TryTake(quota, now) is { } lease)
                return lease;
        }
    }

    private sealed class Windows : IBoundedCounter
    {
        private static readonly TimeSpan Burst = TimeSpan.FromSeconds(10);
        private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

        private readonly Lock gate = new();
        private long burstEnds, minuteEnds;
        private int inBurst, inMinute;
        private bool retired, reported;

        /// <summary>Null when this counter was swept away meanwhile: counting on it would be forgotten.</summary>
        public Lease? TryTake(Quota quota, long now)
        {
            lock (gate)
            {
                if (retired)
                    return null;
                Begin(ref burstEnds, ref inBurst, Burst, now);
                if (Begin(ref minuteEnds, ref inMinute, Minute, now))
                    reported = false;
                var granted = inBurst < quota.Burst && inMinute < quota.Minute;
                if (granted)
                {
                    inBurst++;
                    inMinute++;
                }

                var first = !granted && !reported;
                reported |= first;
                var burst = new Lease(granted, quota.Burst, quota.Burst - inBurst, Burst, new(burstEnds - now), first);
                var minute = new Lease(granted, quota.Minute, quota.Minute - inMinute, Minute, new(minuteEnds - now), first);

                // The window that binds; of two exhausted ones the later, or Retry-After would be a lie.
                return minute.Remaining <= burst.Remaining ? minute : burst;
            }
        }

        public bool TryRetire(long now)
        {
            lock (gate)
                return retired = now >= minuteEnds;
        }

        private static bool Begin(ref long ends, ref int taken, TimeSpan length, long now)
        {
            if (now < ends)
                return false;
            ends = now + length.Ticks;
            taken = 0;
            return true;
        }
    }
}
