using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Gateway.Limits;

/// <summary>
/// What callers owe while Redis is away, in this process alone: each permit costs as many as there are replicas, so that all together
/// admit no more than the limit. Bounded; when more addresses come than fit, the networks that most come from are one caller each.
/// </summary>
internal sealed class LocalShares(TimeProvider clock, int replicas, int capacity = 100_000)
{
    private readonly BoundedCounters<Share> shares = new(clock, capacity);

    /// <summary>Spends all of <paramref name="claims"/> or nothing, and tells what is owed afterwards, beside what Redis said last.</summary>
    public (bool Granted, long[] Owed) Spend(IReadOnlyList<Claim> claims, Func<Claim, long> known)
    {
        var owed = new long[claims.Count];
        for (var index = 0; index < owed.Length; index++)
        {
            (var granted, owed[index]) = Spend(claims[index], known(claims[index]));
            if (granted)
                continue;

            // So that the wait is that for a share.
            owed[index] += claims[index].Cost * (replicas - 1);
            for (var spent = 0; spent < index; spent++)
                Find(claims[spent]).GiveBack(claims[spent].Cost * replicas);
            return (false, owed);
        }

        return (true, owed);
    }

    private (bool Granted, long Owed) Spend(Claim claim, long known)
    {
        var now = clock.GetUtcNow().UtcTicks;
        while (true)
        {
            if (Find(claim).TrySpend(claim.Cost * replicas, claim.Limit.Capacity, known, now) is { } answer)
                return answer;
        }
    }

    private Share Find(Claim claim) => shares.Find($"{claim.Limit.Name}|{claim.Caller}");

    private sealed class Share : IBoundedCounter
    {
        private readonly Lock gate = new();
        private long owedUntil;
        private bool retired;

        /// <summary>Null when this share was swept away meanwhile: what is spent of it would be forgotten.</summary>
        public (bool Granted, long Owed)? TrySpend(long cost, long capacity, long known, long now)
        {
            lock (gate)
            {
                if (retired)
                    return null;

                // Never more than a limit has, or a clock that is set back would shut callers out for as long.
                var owed = Math.Max(Math.Min((owedUntil - now) / TimeSpan.TicksPerMicrosecond, capacity), known);
                var granted = owed + cost <= capacity;
                if (granted)
                    owedUntil = now + ((owed + cost) * TimeSpan.TicksPerMicrosecond);
                return (granted, granted ? owed + cost : owed);
            }
        }

        public void GiveBack(long cost)
        {
            lock (gate)
                owedUntil -= cost * TimeSpan.TicksPerMicrosecond;
        }

        public bool TryRetire(long now)
        {
            lock (gate)
                return retired = now >= owedUntil;
        }
    }
}
