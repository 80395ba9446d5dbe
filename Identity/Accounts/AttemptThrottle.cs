using SecureShop.ServiceDefaults.Limits;
using SecureShop.ServiceDefaults.Redis;

namespace SecureShop.Identity.Accounts;

/// <summary>Whether an attempt may be made.</summary>
/// <param name="RetryAfter">How long to wait; null where it may be made.</param>
/// <param name="Left">How many more there are; -1 for the first one too many.</param>
internal sealed record Admission(TimeSpan? RetryAfter, long Left);

/// <summary>
/// Slows guessing, exactly over all replicas. A device that knows the account has a budget of its own, and letters and passkeys are not
/// counted as sign-ins: nobody is locked out by somebody else. Without Redis each replica counts for itself: an attacker gets at most as
/// many times the guesses as there are replicas; when the bounded tables for that are full, devices that are not known wait.
/// </summary>
internal sealed class AttemptThrottle(
    SharedAttemptCounter shared, LocalAttemptCounter local, IOptions<AttemptOptions> options, SecurityLog security)
{
    /// <summary>Counts one attempt in one atomic step, before it is made: guesses that race are all counted.</summary>
    public async Task<Admission> EnterAsync(AttemptBudget budget, CancellationToken cancellationToken)
    {
        var (attempts, remaining) = await AddAsync(budget, budget.Window ?? options.Value.Window, cancellationToken);
        var left = budget.Limit(options.Value) - attempts;
        if (left >= 0)
            return new(null, left);
        security.ForCurrentRequest(budget.Refusal).AttemptsThrottled(budget.Kind, (int)remaining.TotalSeconds);
        return new(remaining, left);
    }

    /// <summary>The same where only the wait is of interest.</summary>
    public async Task<TimeSpan?> WaitAsync(AttemptBudget budget, CancellationToken cancellationToken)
        => (await EnterAsync(budget, cancellationToken)).RetryAfter;

    /// <summary>The attempt was right, and is no guess; <paramref name="all"/> lets the next ones start afresh, too.</summary>
    public async Task TakeBackAsync(AttemptBudget budget, bool all, CancellationToken cancellationToken)
    {
        local.TakeBack(budget.Local, all);
        try
        {
            await shared.TakeBackAsync(budget.Shared, all, cancellationToken);
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            security.ForCurrentRequest().CountingLocally(failure);
        }
    }

    private async Task<AttemptCount> AddAsync(AttemptBudget budget, TimeSpan window, CancellationToken cancellationToken)
    {
        try
        {
            return await shared.AddAsync(budget.Shared, window, cancellationToken);
        }
        catch (Exception failure) when (ShopRedis.IsOutage(failure))
        {
            security.ForCurrentRequest().CountingLocally(failure);
            return local.Add(budget.Local, window);
        }
    }
}
