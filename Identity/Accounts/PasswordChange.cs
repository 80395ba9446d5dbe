namespace SecureShop.Identity.Accounts;

/// <summary>Changes the password of who is signed in and knows the present one: a session that was left open is not enough.</summary>
internal sealed class PasswordChange(
    IdentityDbContext database, UserManager<ShopUser> users, Letters letters, ShopSessions sessions, AttemptThrottle throttle, SecurityLog security)
{
    /// <returns>Refused where the present one is wrong.</returns>
    public async Task<AccountOutcome> ChangeAsync(ShopUser user, string present, string password, string sessionId, CancellationToken cancellationToken)
    {
        if (await throttle.WaitAsync(AttemptBudget.Passwords(user), cancellationToken) is { } wait)
            return new(RetryAfter: wait);
        if (!await users.CheckPasswordAsync(user, present))
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).PasswordNotChanged(user.Id.ToString());
            return AccountOutcome.Refused;
        }

        if (PasswordRules.Judge(password, user.Email, user.DisplayName) is { } fault)
            return new(PasswordFault: fault);
        letters.PasswordChanged(user.Email!);
        if (!(await users.ChangePasswordAsync(user, present, password)).Succeeded)
        {
            database.ChangeTracker.Clear();
            return new(PasswordFault: "The account was changed in this moment, in another window perhaps. Please try again.");
        }

        await throttle.TakeBackAsync(AttemptBudget.Passwords(user), all: true, cancellationToken);
        await sessions.EndOthersAsync(user.Id, sessionId, cancellationToken);
        security.ForCurrentRequest(StatusCodes.Status302Found).PasswordChanged(user.Id.ToString());
        return new(user);
    }
}
