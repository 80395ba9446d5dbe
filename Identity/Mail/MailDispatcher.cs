using MailKit.Net.Smtp;
using MimeKit;

namespace SecureShop.Identity.Mail;

/// <summary>
/// Sends what waits; any number of replicas may. A letter that the mail server has taken is deleted: who dies in between sends it once
/// more, under the same id. One that cannot be sent is tried again, ever more seldom, for a day.
/// </summary>
internal sealed partial class MailDispatcher(
    IServiceScopeFactory scopes, SmtpMailer mailer, LetterSeal seal, MailSignal signal, TimeProvider clock, SecurityLog security,
    ILogger<MailDispatcher> logger) : BackgroundService
{
    /// <summary>Afterwards a letter is given up. Its links have died by then.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Sends the letter that waits longest; false where none is due.</summary>
    public async Task<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        if (await LeaseAsync(cancellationToken) is not { } mail)
            return false;
        try
        {
            await mailer.SendAsync(mail.Id, seal.Open(mail.Content), cancellationToken);
            IdentityMetrics.MailEnded(isSent: true);
            await DeleteAsync(mail.Id, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            NotSent(mail.Id, mail.Attempts, Describe(failure));
            if (!IsFinal(failure) && clock.GetUtcNow() - mail.CreatedAt < LongestWait)
                return true;
            IdentityMetrics.MailEnded(isSent: false);
            security.ForCurrentRequest().MailGivenUp(mail.Id, mail.Attempts);
            await DeleteAsync(mail.Id, cancellationToken);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendNextAsync(stoppingToken))
                {
                    // And the next.
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The database may be away for a while; the letters wait in it, and the next look finds them.
                LookFailed(failure);
            }

            await signal.WaitAsync(Interval, stoppingToken);
        }
    }

    /// <summary>
    /// Takes a letter in one statement: "skip locked" keeps replicas off each other's rows, and the next attempt is put off before this
    /// one is made, longer than it can last. So no second replica takes the letter meanwhile, and of one that dies it is free by time.
    /// </summary>
    private async Task<MailRow?> LeaseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var leased = await scopes.WithDatabaseAsync(database => database.Mails.FromSql(
            $"""
             update identity.mails set attempts = attempts + 1,
                 next_attempt_at = {now} + least(interval '1 minute' * power(2, least(attempts, 10)), interval '4 hours')
             where id in (
                 select id from identity.mails where next_attempt_at <= {now}
                 order by next_attempt_at limit 1 for update skip locked)
             returning *
             """).AsNoTracking().ToListAsync(cancellationToken));
        return leased.SingleOrDefault();
    }

    private Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken)
        => scopes.WithDatabaseAsync(database => database.Mails.Where(mail => mail.Id == id).ExecuteDeleteAsync(cancellationToken));

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

    [LoggerMessage(4131, LogLevel.Warning, "Mail {MailId} could not be sent at attempt {Attempt}: {Failure}")]
    private partial void NotSent(Guid mailId, int attempt, string failure);

    [LoggerMessage(4132, LogLevel.Error, "Mails could not be looked at; they wait.")]
    private partial void LookFailed(Exception failure);
}
