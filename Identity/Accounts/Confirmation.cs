using System.Net;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Confirms that a mailbox is its account's. The link alone does not: whoever registers somebody else's address would only have to wait
/// until its owner opens the letter, to share an account with them. With the link comes the password; whoever did not choose it sets
/// one of their own (<see cref="PasswordReset"/>).
/// </summary>
internal sealed class Confirmation(
    UserManager<ShopUser> users, Letters letters, LetterRequests requests, AttemptThrottle throttle, SecurityLog security)
{
    /// <summary>Writes the letter with the link; the caller saves.</summary>
    public async Task WriteAsync(ShopUser user)
        => letters.ConfirmAddress(user, await users.GenerateEmailConfirmationTokenAsync(user));

    /// <summary>Writes it once more, where there is something to confirm; nobody can tell from the answer. It says how long to wait, if so.</summary>
    public Task<TimeSpan?> WriteAgainAsync(string email, IPAddress? address, CancellationToken cancellationToken) => requests.AnswerAsync(
        email, address, user => user is { EmailConfirmed: false, IsDisabled: false } ? WriteAsync(user) : Task.CompletedTask, cancellationToken);

    /// <summary>The account that a link would confirm, or null where the link is no good.</summary>
    public async Task<ShopUser?> FindAsync(Guid id, string token)
        => await users.FindByIdAsync(id.ToString()) is { EmailConfirmed: false, IsDisabled: false } user
            && await users.VerifyUserTokenAsync(user, LetterTokens.Name, UserManager<ShopUser>.ConfirmEmailTokenPurpose, token) ? user : null;

    public async Task<AccountOutcome> ConfirmAsync(Guid id, string token, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, token) is not { } user)
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).LinkRefused();
            return AccountOutcome.Refused;
        }

        // Counted apart from sign-ins: strangers who guess at the account must not keep its owner from confirming it.
        if (await throttle.WaitAsync(AttemptBudget.Passwords(user), cancellationToken) is { } wait)
            return new(RetryAfter: wait);
        if (!await users.CheckPasswordAsync(user, password))
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).SignInFailed(user.Id.ToString(), IdentityRefusal.WrongPassword);
            return AccountOutcome.Refused;
        }

        // The stamp changes with it, so that no link works twice; of two that race the second finds another row than it has read.
        (user.EmailConfirmed, user.AccessFailedCount, user.LockoutEnd) = (true, 0, null);
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
            return AccountOutcome.Refused;
        await throttle.TakeBackAsync(AttemptBudget.Passwords(user), all: true, cancellationToken);
        await throttle.TakeBackAsync(AttemptBudget.SignInsTo(user.Email!), all: true, cancellationToken);
        security.ForCurrentRequest(StatusCodes.Status302Found).EmailConfirmed(user.Id.ToString());
        return new(user);
    }
}
