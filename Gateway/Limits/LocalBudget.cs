using System.Runtime.InteropServices;
using SecureShop.ServiceDefaults.Limits;

namespace SecureShop.Gateway.Limits;

/// <summary>What a caller owes a limit and how much of it was taken ahead, as Redis said it in its one step.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Debt(long Owed, int Ahead);

/// <summary>
/// What this process knows of one caller and one limit: that it owes time until then, or longer, and permits that were taken ahead for
/// it, which every replica has already seen spent. Times are those of this process.
/// </summary>
internal sealed class LocalBudget : IBoundedCounter
{
    private readonly Lock gate = new();
    private long owedUntil, goodUntil, toldUntil;
    private int held, batch;
    private bool asking, used;

    /// <summary>What the caller owes at least, and what is held for it; without a step to Redis.</summary>
    public (long Owed, long Held) Look(Limit limit, long now)
    {
        lock (gate)
        {
            used = true;
            Forget(limit, now);
            return (Math.Max(0, owedUntil - now), held * limit.Interval);
        }
    }

    /// <summary>Takes what a request costs from what is held, all or nothing, and says from which batch; null where it is too little.</summary>
    public int? TryTake(Limit limit, long cost, long now)
    {
        var permits = (int)(cost / limit.Interval);
        lock (gate)
        {
            used = true;
            Forget(limit, now);
            if (held < permits)
                return null;
            held -= permits;
            return batch;
        }
    }

    /// <summary>Another limit had no room for the request.</summary>
    public void GiveBack(Limit limit, long cost, int from)
    {
        lock (gate)
            held += from == batch ? (int)(cost / limit.Interval) : 0;
    }

    /// <summary>How much more to ask for: in one of those that race, or a flood would have everything taken ahead.</summary>
    public int BeginAsking(Limit limit)
    {
        lock (gate)
        {
            if (asking || limit.Ahead == 0)
                return 0;
            asking = true;
            return limit.Ahead;
        }
    }

    /// <summary>What Redis said to a question that was sent at <paramref name="sent"/>; null where it said nothing.</summary>
    public void EndAsking(bool asked, Debt? answer, long sent)
    {
        lock (gate)
        {
            asking &= !asked;
            if (answer is not { } debt)
                return;

            // It was true when the script ran, which was after it was sent: the caller may owe for longer, and not for less.
            owedUntil = Math.Max(owedUntil, sent + debt.Owed);
            if (debt.Ahead > 0)
                (held, goodUntil, batch) = (debt.Ahead, sent + debt.Owed, batch + 1);
        }
    }

    /// <summary>Whether a refusal is the first of this window.</summary>
    public bool TryTell(Limit limit, long now)
    {
        lock (gate)
        {
            if (now < toldUntil)
                return false;
            toldUntil = now + (limit.Window.Ticks / TimeSpan.TicksPerMicrosecond);
            return true;
        }
    }

    /// <summary>Kept as long as it is asked for. What is forgotten costs a question, and what was held is lost to the caller.</summary>
    public bool TryRetire(long now)
    {
        lock (gate)
        {
            var idle = !used;
            used = false;
            return idle;
        }
    }

    // Redis counted what is held when it was taken, and forgets it as the debt of that moment is paid off by time. A permit is good
    // only while it is still among what was owed then: else, after a rest, the whole burst and what is held would pass at once.
    private void Forget(Limit limit, long now) => held = (int)Math.Clamp((goodUntil - now) / limit.Interval, 0, held);
}
