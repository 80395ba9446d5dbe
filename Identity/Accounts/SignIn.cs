namespace SecureShop.Identity.Accounts;

/// <summary>How an attempt to sign in ended. A failure says nothing about whether the account exists, is closed or waits for its confirmation.</summary>
internal sealed record SignInOutcome(ShopUser? User, TimeSpan? RetryAfter)
{
    public static SignInOutcome Failed { get; } = new(null, null);
}

/// <summary>
/// Checks e-mail address and password so that known and unknown addresses get the same answer from the same work: one look-up, one
/// hash, and no answer sooner than <see cref="Floor"/>, which covers what differences remain.
/// </summary>
internal sealed class SignIn(
    IdentityDbContext database, IPasswordHasher<ShopUser> hasher, DummyHash dummy, AttemptThrottle throttle, KnownDevices devices,
    TimeProvider clock, SecurityLog security)
{
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(500);

    public async Task<SignInOutcome> AttemptAsync(HttpContext http, string email, string password, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();

        // Who is throttled costs no look-up, but for who has signed in here before, which cannot be made up.
        var device = devices.Find(http);
        var user = device is null ? null : await database.FindAccountAsync(email, cancellationToken);
        var attempt = new SignInAttempt(
            EmailAddress.Normalize(email), http.Connection.RemoteIpAddress, device?.Knows(user) == true ? device.Id : null);
        var admission = await throttle.EnterAsync(attempt, cancellationToken);
        if (admission.RetryAfter is { } wait)
        {
            SignInMetrics.Tried(IdentityRefusal.Throttled);
            return new(null, wait);
        }

        if (device is null)
            user = await database.FindAccountAsync(email, cancellationToken);
        var refusal = await JudgeAsync(user, password, cancellationToken);
        if (refusal is null)
        {
            await throttle.SucceededAsync(attempt, cancellationToken);
            return new(user, null);
        }

        Tell(user, refusal, admission);
        await clock.AnswerAfterAsync(Floor, started, cancellationToken);
        return SignInOutcome.Failed;
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

    private void Tell(ShopUser? user, string refusal, Admission admission)
    {
        SignInMetrics.Tried(refusal);
        var log = security.ForCurrentRequest(StatusCodes.Status200OK);
        if (user is null)
        {
            log.SignInUnknown();
            return;
        }

        log.SignInFailed(user.Id.ToString(), refusal);
        if (admission.IsLast)
            log.LockedOut(user.Id.ToString());
    }
}

/// <summary>A hash of nobody's password, at the cost that real ones have.</summary>
internal sealed class DummyHash(IServiceScopeFactory scopes)
{
    private readonly Lazy<string> hash = new(() =>
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IPasswordHasher<ShopUser>>().HashPassword(new ShopUser(), Guid.NewGuid().ToString());
    });

    public string Value => hash.Value;
}
