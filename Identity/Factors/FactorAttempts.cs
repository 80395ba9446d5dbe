namespace SecureShop.Identity.Factors;

/// <summary>How an attempt with a second factor ended: what was shown (<see cref="Amr"/>), nothing where it was refused; how long to wait, where there were too many.</summary>
internal sealed record FactorOutcome(string? Method, TimeSpan? RetryAfter = null);

/// <summary>
/// Tries codes, a few a quarter of an hour for each account. Only who has shown the password gets here, so that a stranger cannot
/// use an account's tries up.
/// </summary>
internal sealed class FactorAttempts(
    OneTimeCodes codes, UserManager<ShopUser> users, AttemptThrottle throttle, Letters letters, IdentityDbContext database, SecurityLog security)
{
    public Task<FactorOutcome> CodeAsync(ShopUser user, string code, CancellationToken cancellationToken)
        => TryAsync(user, Amr.OneTimePassword, FactorName.Authenticator, () => codes.RefuseAsync(user, string.Concat(code.Where(char.IsAsciiDigit)), cancellationToken), cancellationToken);

    public Task<FactorOutcome> RecoveryCodeAsync(ShopUser user, string code, CancellationToken cancellationToken)
        => TryAsync(user, Amr.RecoveryCode, FactorName.RecoveryCode, async () => (await users.RedeemTwoFactorRecoveryCodeAsync(user, code)).Succeeded ? null : IdentityRefusal.WrongCode, cancellationToken);

    private async Task<FactorOutcome> TryAsync(ShopUser user, string method, string factor, Func<Task<string?>> refuse, CancellationToken cancellationToken)
    {
        var budget = AttemptBudget.Factors(user, factor);
        var (wait, left) = await throttle.EnterAsync(budget, cancellationToken);
        if (wait is not null)
        {
            IdentityMetrics.CountSignIn(IdentityRefusal.Throttled);
            // Only who has the password comes this far: if that is somebody else, its owner should know.
            if (left == -1)
            {
                letters.SecondFactorTried(user.Email!);
                await database.SaveChangesAsync(cancellationToken);
            }

            return new(null, wait);
        }

        if (await refuse() is { } reason)
        {
            IdentityMetrics.CountSignIn(reason);
            security.ForCurrentRequest(StatusCodes.Status200OK).FactorRefused(user.Id.ToString(), factor, reason);
            return new(Method: null);
        }

        await throttle.TakeBackAsync(budget, all: true, cancellationToken);
        security.ForCurrentRequest(StatusCodes.Status302Found).FactorShown(user.Id.ToString(), factor);
        return new(method);
    }
}
