using System.Net;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Another address for an account: confirmed at the new one, told to the old one. Whether the new one has an account of its own the
/// answer does not say; a letter tells its owner.
/// </summary>
internal sealed class EmailChange(
    IdentityDbContext database, UserManager<ShopUser> users, Letters letters, LetterRequests requests, ShopSessions sessions,
    SecurityLog security)
{
    /// <summary>Writes to the new address; the answer says how long to wait, if so.</summary>
    public Task<TimeSpan?> AskAsync(ShopUser user, string email, IPAddress? address, CancellationToken cancellationToken)
    {
        email = NormalizedText.Compatible(email);
        return requests.AnswerAsync(
            email,
            address,
            async taken =>
            {
                if (taken is not null && taken.Id != user.Id)
                    letters.AddressInUse(taken.Email!);
                else
                    letters.ConfirmNewAddress(email, await users.GenerateChangeEmailTokenAsync(user, email));
                security.ForCurrentRequest(StatusCodes.Status302Found).EmailChangeAsked(user.Id.ToString());
            },
            cancellationToken);
    }

    /// <summary>Whether a link gives this account this address: one that was made for another account does not.</summary>
    public Task<bool> IsGoodAsync(ShopUser user, string email, string token)
        => users.VerifyUserTokenAsync(user, LetterTokens.Name, UserManager<ShopUser>.GetChangeEmailTokenPurpose(email), token);

    /// <summary>Takes the new address, and ends the other sessions; false where the link is no good, or somebody else has the address by now.</summary>
    public async Task<bool> ConfirmAsync(ShopUser user, string email, string token, string sessionId, CancellationToken cancellationToken)
    {
        var former = user.Email!;
        if (await IsGoodAsync(user, email, token))
        {
            letters.AddressChanged(former);
            (user.Email, user.EmailConfirmed) = (email, true);

            // Normalises, looks whether the address is free, and changes the stamp: the link works once.
            if ((await users.UpdateSecurityStampAsync(user)).Succeeded)
            {
                await sessions.EndOthersAsync(user.Id, sessionId, cancellationToken);
                security.ForCurrentRequest(StatusCodes.Status302Found).EmailChanged(user.Id.ToString());
                return true;
            }

            database.ChangeTracker.Clear();
        }

        security.ForCurrentRequest(StatusCodes.Status200OK).LinkRefused();
        return false;
    }
}
