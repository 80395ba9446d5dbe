using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Gateway.Limits;

/// <summary>What a request asks of one limit. <paramref name="Local"/> is what is known of the caller here; null where there is no room to know it.</summary>
internal readonly record struct Claim(Limit Limit, string Caller, long Cost, LocalBudget? Local)
{
    /// <summary>How long the caller has to wait who owes so much; not positive where there is room.</summary>
    public long WaitFor(long owed) => owed + Cost - Limit.Capacity;

    /// <summary>What the caller owes as far as it is known here, and how much of it is held for it.</summary>
    public (long Owed, long Held) Look(long now) => Local?.Look(Limit, now) ?? default;

    public long OwedWithoutHeld(long now)
    {
        var (owed, held) = Look(now);
        return owed - held;
    }
}

internal enum Answer
{
    Granted,
    Refused,

    /// <summary>Nobody can tell, and it must not be guessed at.</summary>
    Unknown,
}

/// <summary>What the limits said, and of each claim what is owed after it, less what is held.</summary>
internal sealed record Decision(LimitClass Class, IReadOnlyList<Claim> Claims, Answer Answer, long[] Owed)
{
    /// <summary>The one whose caller has to wait longest, and how long.</summary>
    public (Claim Claim, TimeSpan Wait) Longest()
    {
        var index = Enumerable.Range(0, Claims.Count).MaxBy(one => Claims[one].WaitFor(Owed[one]));
        return (Claims[index], TimeSpan.FromMicroseconds(Claims[index].WaitFor(Owed[index])));
    }
}
