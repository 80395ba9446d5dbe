using System.Security.Cryptography;
using MailKit.Net.Smtp;
using MimeKit;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Mail;

/// <summary>
/// Sends what waits; any number of replicas may. A letter that the mail server has taken is deleted: who dies in between sends it once
/// more, under the same id. One that cannot be sent is tried again, ever more seldom, for a day.
/// </summary>
internal sealed partial class MailDispatcher(
    IServiceScopeFactory scopes, SmtpMailer mailer, LetterSeal seal, MailSignal signal, TimeProvider clock, SecurityLog security,
    ILogger<MailDispatcher> logger) : PeriodicWorker(DatabaseTask.Mail, MailDispatcher.Interval, clock)
{
    /// <summary>Afterwards a letter is given up. Its links have died by then.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override bool BeginsAtOnce => true;

    /// <summary>Sends what is due, the letter that waits longest first.</summary>
    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        while (await SendNextAsync(cancellationToken))
            sent++;
        return sent;
    }

    protected override void LogFailure(Exception failure) => LookFailed(failure);

    /// <summary>A letter that this replica stores wakes it at once.</summary>
    protected override Task WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken) => signal.WaitAsync(Interval, cancellationToken);

    private async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (await WithOutboxAsync(outbox => outbox.LeaseAsync(cancellationToken)) is not { } mail)
            return false;
        try
        {
            await mailer.SendAsync(mail.Id, seal.Open(mail.Content), cancellationToken);
            MailMetrics.Ended(isSent: true);
            await WithOutboxAsync(outbox => outbox.DeleteAsync(mail.Id, cancellationToken));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotSent(mail.Id, mail.Attempts, Describe(failure));
            if (!IsFinal(failure) && Clock.GetUtcNow() - mail.CreatedAt < LongestWait)
                return true;
            MailMetrics.Ended(isSent: false);
            MailGivenUp(security.ForCurrentRequest(), mail.Id, mail.Attempts);
            await WithOutboxAsync(outbox => outbox.DeleteAsync(mail.Id, cancellationToken));
        }

        return true;
    }

    private async Task<T> WithOutboxAsync<T>(Func<Outbox, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<Outbox>());
    }

    // What will not be otherwise tomorrow: no address, a mailbox that is not there, a letter that nobody can open any more.
    private static bool IsFinal(Exception failure) => failure is ParseException or CryptographicException
        or SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted, StatusCode: >= (SmtpStatusCode)500 };

    // Not what the mail server says about a recipient: it likes to repeat the address, and no address goes into a log.
    private static string Describe(Exception failure) => failure switch
    {
        SmtpCommandException refusal => $"{refusal.ErrorCode} {(int)refusal.StatusCode}",
        ParseException => "no address that mail can be sent to",
        _ => $"{failure.GetType().Name}: {failure.Message.Split('\n')[0]}",
    };

    [LoggerMessage(4038, LogLevel.Error, "Mail {MailId} was given up after {Attempts} attempts")]
    private static partial void MailGivenUp(ILogger security, Guid mailId, int attempts);

    [LoggerMessage(4131, LogLevel.Warning, "Mail {MailId} could not be sent at attempt {Attempt}: {Failure}")]
    private partial void NotSent(Guid mailId, int attempt, string failure);

    [LoggerMessage(4132, LogLevel.Error, "Mails could not be looked at; they wait.")]
    private partial void LookFailed(Exception failure);
}
