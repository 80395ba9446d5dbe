using System.Net;

namespace SecureShop.Identity.Accounts;

/// <summary>
/// Answers who asks for a letter: alike, and after the same time, whether one is written or not. Bounded by where the asking comes
/// from, and by the mailbox.
/// </summary>
internal sealed class LetterRequests(AttemptThrottle throttle, TimeProvider clock)
{
    /// <summary>Has a letter to <paramref name="email"/> written, unless there were too many; <paramref name="write"/> looks whether there is a reason.</summary>
    /// <returns>How long to wait; null where the answer is "we have written, if ...".</returns>
    public async Task<TimeSpan?> AnswerAsync(string email, IPAddress? address, Func<Task> write, CancellationToken cancellationToken)
    {
        if (await throttle.AskForLetterAsync(address, cancellationToken) is { } wait)
            return wait;
        var started = clock.GetTimestamp();
        if (await throttle.MayWriteAsync(email, cancellationToken))
            await write();
        await clock.AnswerAfterAsync(SignIn.Floor, started, cancellationToken);
        return null;
    }
}
