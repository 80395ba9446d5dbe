using System.Net;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Answers who asks for a letter: alike, and after the same time, whether one is written or not. Bounded by where the asking comes
/// from, and by the mailbox.
/// </summary>
internal sealed class LetterRequests(IdentityDbContext database, AttemptThrottle throttle, TimeProvider clock)
{
    /// <summary>
    /// Has a letter to <paramref name="email"/> written, unless there were too many; <paramref name="write"/> looks whether there is a
    /// reason, and is given the account of that address, if there is one.
    /// </summary>
    /// <returns>How long to wait; null where the answer is "we have written, if ...".</returns>
    public async Task<TimeSpan?> AnswerAsync(string email, IPAddress? address, Func<ShopUser?, Task> write, CancellationToken cancellationToken)
    {
        if (await throttle.WaitAsync(AttemptBudget.AskedLetters(address), cancellationToken) is { } wait)
            return wait;
        var started = clock.GetTimestamp();
        if (await throttle.WaitAsync(AttemptBudget.SentLetters(email), cancellationToken) is null)
        {
            await write(await database.FindAccountAsync(email, cancellationToken));
            await database.SaveChangesAsync(cancellationToken);
        }

        await clock.AnswerAfterAsync(SignIn.Floor, started, cancellationToken);
        return null;
    }
}
