namespace SecureShop.Identity.Accounts;

/// <summary>
/// Checks e-mail address and password so that known and unknown addresses get the same answer from the same work: one look-up, one
/// hash, and no answer sooner than <see cref="Floor"/>, which covers what differences remain.
/// </summary>
internal sealed class SignIn(
    IdentityDbContext database, IPasswordHasher<ShopUser> hasher, DummyHash dummy, AttemptThrottle throttle, KnownDevices devices,
    TimeProvider clock, SecurityLog security)
{
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(500);

    public async Task<AccountOutcome> AttemptAsync(HttpContext http, string email, string password, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();

        // Who is throttled costs no look-up, but for who has signed in here before, which cannot be made up.
        var device = devices.Find(http);
        var user = device is null ? null : await database.FindAccountAsync(email, cancellationToken);
        var known = device?.Knows(user) == true;

        // The address first: one that is shut out already must not go on to use up other accounts' guesses.
        AttemptBudget[] budgets = known
            ? [AttemptBudget.SignInsOn(device!)]
            : [AttemptBudget.SignInsFrom(http.Connection.RemoteIpAddress), AttemptBudget.SignInsTo(email)];
        var left = 0L;
        foreach (var budget in budgets)
        {
            (var wait, left) = await throttle.EnterAsync(budget, cancellationToken);
            if (wait is null)
                continue;
            IdentityMetrics.CountSignIn(IdentityRefusal.Throttled);
            return new(RetryAfter: wait);
        }

        if (device is null)
            user = await database.FindAccountAsync(email, cancellationToken);
        if (await JudgeAsync(user, password, cancellationToken) is { } refusal)
        {
            Tell(user, refusal, isLast: left == 0 && !known);
            await clock.AnswerAfterAsync(Floor, started, cancellationToken);
            return AccountOutcome.Refused;
        }

        // Of the account and the address only this attempt: else each sign-in of its owner would give those who guess at it a new budget.
        foreach (var budget in budgets)
            await throttle.TakeBackAsync(budget, all: known, cancellationToken);
        return new(user);
    }

    /// <summary>Why the password does not sign in to the account, for those who watch; to the caller all reasons are alike.</summary>
    private async Task<string?> JudgeAsync(ShopUser? user, string password, CancellationToken cancellationToken)
    {
        // The hash is computed whatever else is wrong: a quick refusal would give it, and so the account, away.
        var hash = user?.PasswordHash ?? dummy.Value;
        var result = hasher.VerifyHashedPassword(user ?? new(), hash, PasswordRules.Fits(password) ? password : "");
        if (user is null)
            return IdentityRefusal.UnknownAccount;
        if (user.IsDisabled)
            return IdentityRefusal.Disabled;
        if (!user.EmailConfirmed)
            return IdentityRefusal.Unconfirmed;
        if (result == PasswordVerificationResult.Failed || user.PasswordHash is null)
            return IdentityRefusal.WrongPassword;
        if (result == PasswordVerificationResult.SuccessRehashNeeded)
            await RehashAsync(user, password, cancellationToken);
        return null;
    }

    // Only over the hash that was verified: a password changed in between must stay changed.
    private async Task RehashAsync(ShopUser user, string password, CancellationToken cancellationToken)
    {
        var renewed = hasher.HashPassword(user, password);
        await database.Users.Where(u => u.Id == user.Id && u.PasswordHash == user.PasswordHash)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, renewed), cancellationToken);
        security.ForCurrentRequest().Rehashed(user.Id.ToString());
    }

    private void Tell(ShopUser? user, string refusal, bool isLast)
    {
        IdentityMetrics.CountSignIn(refusal);
        var log = security.ForCurrentRequest(StatusCodes.Status200OK);
        if (user is null)
        {
            log.SignInUnknown();
            return;
        }

        log.SignInFailed(user.Id.ToString(), refusal);
        if (isLast)
            log.LockedOut(user.Id.ToString());
    }
}

/// <summary>A hash of nobody's password, at the cost that real ones have.</summary>
internal sealed class DummyHash(IPasswordHasher<ShopUser> hasher)
{
    public string Value { get; } = hasher.HashPassword(new(), Guid.NewGuid().ToString());
}
