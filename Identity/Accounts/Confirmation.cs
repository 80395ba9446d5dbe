using System.Net;

namespace SecureShop.Identity.Accounts;

/// <summary>How a confirmation ended: with the account, with a link that is no good, with a wrong password, or too many of those.</summary>
internal sealed record ConfirmationOutcome(ShopUser? User, bool IsLinkGood, TimeSpan? RetryAfter);

/// <summary>
/// Confirms that a mailbox is its account's. The link alone does not: whoever registers somebody else's address would only have to wait
/// until its owner opens the letter, to share an account with them. With the link comes the password; whoever did not choose it sets
/// one of their own (<see cref="PasswordReset"/>).
/// </summary>
internal sealed class Confirmation(
    IdentityDbContext database, UserManager<ShopUser> users, Letters letters, LetterLinks links, LetterRequests requests, AttemptThrottle throttle, SecurityLog security)
{
    /// <summary>Writes the letter with the link; the caller saves.</summary>
    public async Task WriteAsync(ShopUser user)
        => letters.ConfirmAddress(user.Email!, links.ConfirmAddress(user.Id, await users.GenerateEmailConfirmationTokenAsync(user)));

    /// <summary>Writes it once more, where there is something to confirm; nobody can tell from the answer. It says how long to wait, if so.</summary>
    public Task<TimeSpan?> WriteAgainAsync(string email, IPAddress? address, CancellationToken cancellationToken) => requests.AnswerAsync(
        email,
        address,
        async () =>
        {
            if (await database.FindAccountAsync(email, cancellationToken) is not { EmailConfirmed: false, IsDisabled: false } user)
                return;
            await WriteAsync(user);
            await database.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>The account that a link would confirm, or null where the link is no good.</summary>
    public async Task<ShopUser?> FindAsync(Guid id, string token)
        => await users.FindByIdAsync(id.ToString()) is { EmailConfirmed: false, IsDisabled: false } user
            && await users.VerifyUserTokenAsync(user, LetterTokens.Name, UserManager<ShopUser>.ConfirmEmailTokenPurpose, token) ? user : null;

    public async Task<ConfirmationOutcome> ConfirmAsync(Guid id, string token, string password, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, token) is not { } user)
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).LinkRefused();
            return new(null, IsLinkGood: false, null);
        }

        // Counted apart from sign-ins: strangers who guess at the account must not keep its owner from confirming it.
        if (await throttle.ProveAsync(user.Id, cancellationToken) is { } wait)
            return new(null, IsLinkGood: true, wait);
        if (!await users.CheckPasswordAsync(user, password))
        {
            security.ForCurrentRequest(StatusCodes.Status200OK).SignInFailed(user.Id.ToString(), IdentityRefusal.WrongPassword);
            return new(null, IsLinkGood: true, null);
        }

        // The stamp changes with it, so that no link works twice; of two that race the second finds another row than it has read.
        (user.EmailConfirmed, user.AccessFailedCount, user.LockoutEnd) = (true, 0, null);
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
            return new(null, IsLinkGood: false, null);
        await throttle.ProvedAsync(user.Id, cancellationToken);
        await throttle.ForgetAsync(user.NormalizedEmail!, cancellationToken);
        security.ForCurrentRequest(StatusCodes.Status302Found).EmailConfirmed(user.Id.ToString());
        return new(user, IsLinkGood: true, null);
    }
}
