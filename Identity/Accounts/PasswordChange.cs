namespace SecureShop.Identity.Accounts;

/// <summary>How a change of password ended: done where nothing is said.</summary>
internal sealed record PasswordChangeOutcome(bool IsPresentWrong = false, string? PasswordFault = null, TimeSpan? RetryAfter = null)
{
    public bool IsDone => this is { IsPresentWrong: false, PasswordFault: null, RetryAfter: null };
}

/// <summary>Changes the password of who is signed in and knows the present one: a session that was left open is not enough.</summary>
internal sealed class PasswordChange(
    IdentityDbContext database, UserManager<ShopUser> users, Letters letters, ShopSessions sessions, AttemptThrottle throttle, SecurityLog security)
{
    public async Task<PasswordChangeOutcome> ChangeAsync(ShopUser user, string present, string password, string sessionId, CancellationToken cancellationToken)
    {
        if (await throttle.ProveAsync(user.Id, cancellationToken) is { } wait)
            return new(RetryAfter: wait);
        if (!await users.CheckPasswordAsync(user, present))
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).PasswordNotChanged(user.Id.ToString());
            return new(IsPresentWrong: true);
        }

        if (await users.JudgeAsync(user, password) is { } fault)
            return new(PasswordFault: fault);
        letters.PasswordChanged(user.Email!);
        if (!(await users.ChangePasswordAsync(user, present, password)).Succeeded)
        {
            database.ChangeTracker.Clear();
            return new(PasswordFault: "The account was changed in this moment, in another window perhaps. Please try again.");
        }

        await throttle.ProvedAsync(user.Id, cancellationToken);
        await sessions.EndOthersAsync(user.Id, sessionId, cancellationToken);
        security.ForCurrentRequest(StatusCodes.Status302Found).PasswordChanged(user.Id.ToString());
        return new();
    }
}

internal static class NewPasswords
{
    /// <summary>What is wrong with a new password, in words for its owner, or null.</summary>
    public static async Task<string?> JudgeAsync(this UserManager<ShopUser> users, ShopUser user, string password)
    {
        foreach (var rule in users.PasswordValidators)
        {
            if (await rule.ValidateAsync(users, user, password) is { Succeeded: false } fault)
                return string.Join(' ', fault.Errors.Select(error => error.Description));
        }

        return null;
    }
}
