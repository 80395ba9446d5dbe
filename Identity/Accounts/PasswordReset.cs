using System.Net;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// A new password for who has forgotten theirs, by a link to the account's mailbox. Who holds that is the owner: they get in past locks
/// and throttles, which strangers can bring about, and everybody else is signed out. A second factor is still asked for afterwards.
/// </summary>
internal sealed class PasswordReset(
    IdentityDbContext database, UserManager<ShopUser> users, Letters letters, LetterRequests requests, ShopSessions sessions,
    AttemptThrottle throttle, SecurityLog security)
{
    /// <summary>Writes the letter, where there is an account; nobody can tell from the answer. It says how long to wait, if so.</summary>
    public Task<TimeSpan?> AskAsync(string email, IPAddress? address, CancellationToken cancellationToken) => requests.AnswerAsync(
        email,
        address,
        async user =>
        {
            if (user is not { IsDisabled: false })
                return;
            letters.ResetPassword(user, await users.GeneratePasswordResetTokenAsync(user));
            security.ForCurrentRequest(StatusCodes.Status302Found).ResetAsked(user.Id.ToString());
        },
        cancellationToken);

    /// <summary>The account whose password a link sets, or null where the link is no good.</summary>
    public async Task<ShopUser?> FindAsync(Guid id, string token)
        => await users.FindByIdAsync(id.ToString()) is { IsDisabled: false } user
            && await users.VerifyUserTokenAsync(user, LetterTokens.Name, UserManager<ShopUser>.ResetPasswordTokenPurpose, token) ? user : null;

    public async Task<AccountOutcome> ResetAsync(Guid id, string token, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, token) is not { } user)
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).LinkRefused();
            return AccountOutcome.Refused;
        }

        if (PasswordRules.Judge(password, user.Email, user.DisplayName) is { } fault)
            return new(PasswordFault: fault);

        // The letter is saved with the password or not at all. What strangers did to the account ends; the mailbox is confirmed.
        letters.PasswordChanged(user.Email!);
        (user.EmailConfirmed, user.AccessFailedCount, user.LockoutEnd) = (true, 0, null);
        if (!(await users.ResetPasswordAsync(user, token, password)).Succeeded)
        {
            // Another one with the same link was faster.
            database.ChangeTracker.Clear();
            return AccountOutcome.Refused;
        }

        await sessions.EndOthersAsync(user.Id, keepSessionId: null, cancellationToken);
        await throttle.TakeBackAsync(AttemptBudget.SignInsTo(user.Email!), all: true, cancellationToken);
        security.ForCurrentRequest(StatusCodes.Status302Found).PasswordReset(user.Id.ToString());
        return new(user);
    }
}
