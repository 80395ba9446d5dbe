using Microsoft.Extensions.Options;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Limits;
using SecureShop.ServiceDefaults.Redis;

namespace SecureShop.Gateway.Limits;

/// <summary>
/// Decides whether a request passes: at once where this process knows enough, else by one step in Redis, and by a share of each limit
/// while that is away. Trying credentials does not go on without it: as many replicas as there are would be as many budgets to guess with.
/// </summary>
internal sealed class RequestLimits
{
    private const int MaxCallers = 100_000;

    private readonly Limit[][] limits;
    private readonly SharedBudgets shared;
    private readonly LocalShares shares;
    private readonly BoundedCounters<LocalBudget> known;
    private readonly TimeProvider clock;
    private readonly SecurityLog security;
    private readonly bool takeAhead;
    private readonly long began;
    private readonly Lock gate = new();
    private bool away;
    private long changed;

    public RequestLimits(IOptions<LimitOptions> options, ShopRedis redis, TimeProvider clock, SecurityLog security)
    {
        var all = options.Value.Policies.Select(policy => new Limit(policy.Key, policy.Value)).OrderBy(limit => limit.Name, StringComparer.Ordinal).ToList();
        limits = [.. Enum.GetValues<LimitClass>().Select(kind => all.Where(limit => limit.CostOf(kind) > 0).ToArray())];
        (shared, shares) = (new(redis, options.Value.Space), new(clock, options.Value.Replicas));
        (this.clock, this.security, takeAhead, began) = (clock, security, options.Value.TakeAhead, clock.GetTimestamp());
        known = new(clock, MaxCallers);
    }

    /// <summary>What a request asks of the limits that <paramref name="which"/> names; of those that count nobody in it nothing.</summary>
    public List<Claim> ClaimsOf(LimitClass kind, Func<Partition, string?> callerOf, Predicate<Partition>? which = null)
    {
        var claims = new List<Claim>(2);
        foreach (var limit in limits[(int)kind])
        {
            // The limit stands last, so that in this table no networks are counted together: what is known is known of one caller.
            if (which?.Invoke(limit.Partition) != false && callerOf(limit.Partition) is { } caller)
                claims.Add(new(limit, caller, limit.CostOf(kind), known.TryFind($"{caller}|{limit.Name}")));
        }

        return claims;
    }

    /// <summary>The refusal of a caller that is known to owe too much: without a step to Redis, and without any other work for it.</summary>
    public Decision? RefuseHopeless(LimitClass kind, IReadOnlyList<Claim> claims)
    {
        var now = Now();
        foreach (var claim in claims)
        {
            var (owed, held) = claim.Look(now);
            if (claim.WaitFor(owed) > 0 && held < claim.Cost)
                return new(kind, claims, Answer.Refused, [.. claims.Select(one => one.Look(now).Owed)]);
        }

        return null;
    }

    public ValueTask<Decision> DecideAsync(LimitClass kind, IReadOnlyList<Claim> claims)
        => (RefuseHopeless(kind, claims) ?? GrantFromHeld(kind, claims)) is { } known ? new(known) : AskAsync(kind, claims);

    /// <summary>Most requests: all that they cost is held here already.</summary>
    private Decision? GrantFromHeld(LimitClass kind, IReadOnlyList<Claim> claims)
    {
        if (IsCredential(kind))
            return null;
        var now = Now();
        Span<int> batches = stackalloc int[claims.Count];
        for (var index = 0; index < batches.Length; index++)
        {
            if (claims[index].Local?.TryTake(claims[index].Limit, claims[index].Cost, now) is { } batch)
            {
                batches[index] = batch;
                continue;
            }

            while (index-- > 0)
                claims[index].Local!.GiveBack(claims[index].Limit, claims[index].Cost, batches[index]);
            return null;
        }

        var owed = new long[claims.Count];
        for (var index = 0; index < owed.Length; index++)
            owed[index] = claims[index].OwedWithoutHeld(now);
        return new(kind, claims, Answer.Granted, owed);
    }

    private async ValueTask<Decision> AskAsync(LimitClass kind, IReadOnlyList<Claim> claims)
    {
        // From what is held where there is enough, and the rest is asked for; of a refused request nothing is spent. Credentials
        // are asked for one by one: none is tried that Redis does not see at that moment.
        var now = Now();
        var batches = claims.Select(claim => IsCredential(kind) ? null : claim.Local?.TryTake(claim.Limit, claim.Cost, now)).ToArray();
        List<Claim> missing = [.. claims.Where((_, index) => batches[index] is null)];
        var (answer, debts) = missing.Count == 0 ? (Answer.Granted, []) : await AskAsync(kind, missing, now);
        var asked = 0;
        var owed = new long[answer == Answer.Unknown ? 0 : claims.Count];
        for (var index = 0; index < claims.Count; index++)
        {
            if (answer != Answer.Granted && batches[index] is { } batch)
                claims[index].Local!.GiveBack(claims[index].Limit, claims[index].Cost, batch);
            if (answer != Answer.Unknown)
                owed[index] = batches[index] is null ? debts[asked++] : claims[index].OwedWithoutHeld(now);
        }

        return new(kind, claims, answer, owed);
    }

    /// <summary>Whether the refusal is the first of its caller in this window.</summary>
    public bool TryTell(Claim claim) => claim.Local?.TryTell(claim.Limit, Now()) ?? true;

    private static bool IsCredential(LimitClass kind) => kind is LimitClass.Credential or LimitClass.Token;

    private async Task<(Answer Answer, long[] Owed)> AskAsync(LimitClass kind, List<Claim> claims, long now)
    {
        if (shared.AreAway)
            return WithoutRedis(kind, claims, now);

        var ahead = claims.Select(claim => takeAhead && !IsCredential(kind) ? claim.Local?.BeginAsking(claim.Limit) ?? 0 : 0).ToArray();
        Debt[]? debts = null;
        try
        {
            (var granted, debts) = await shared.SpendAsync(claims, ahead);
            NoteRedis(answers: true, sent: now, failure: null);
            return (granted ? Answer.Granted : Answer.Refused, [.. debts.Select((debt, index) => debt.Owed - (debt.Ahead * claims[index].Limit.Interval))]);
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            NoteRedis(answers: false, sent: now, failure);
            return WithoutRedis(kind, claims, Now());
        }
        finally
        {
            for (var index = 0; index < ahead.Length; index++)
                claims[index].Local?.EndAsking(ahead[index] > 0, debts?[index], now);
        }
    }

    private (Answer Answer, long[] Owed) WithoutRedis(LimitClass kind, List<Claim> claims, long now)
    {
        if (IsCredential(kind))
            return (Answer.Unknown, []);
        var (granted, owed) = shares.Spend(claims, claim => claim.Look(now).Owed);
        return (granted ? Answer.Granted : Answer.Refused, owed);
    }

    /// <summary>One event when it goes and one when it is back. What was asked before the last change says nothing about now.</summary>
    private void NoteRedis(bool answers, long sent, Exception? failure)
    {
        if (Volatile.Read(ref away) != answers)
            return;
        lock (gate)
        {
            if (away != answers || sent < changed)
                return;
            (away, changed) = (!answers, Now());
        }

        if (answers)
            security.ForCurrentRequest().LimitsShared();
        else
            security.ForCurrentRequest().LimitsLocal(failure!.GetType().Name);
    }

    private long Now() => clock.GetElapsedTime(began).Ticks / TimeSpan.TicksPerMicrosecond;
}
