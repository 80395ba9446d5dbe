using System.Runtime.CompilerServices;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;

namespace SecureShop.Mail;

/// <summary>
/// Letters that wait to be sent, as rows of the service's own schema. One is a row of the caller's own transaction: it goes out if what it
/// tells of has happened, and only then; and it waits here while the mail server is away.
/// </summary>
public sealed class Outbox
{
    private readonly DbContext database;
    private readonly LetterSeal seal;
    private readonly TimeProvider clock;

    internal Outbox(DbContext database, LetterSeal seal, TimeProvider clock) => (this.database, this.seal, this.clock) = (database, seal, clock);

    /// <summary>Adds a letter, in plain text; the caller saves.</summary>
    public void Add(string to, string subject, string text)
    {
        var now = clock.GetStoredNow();
        database.Add(new MailRow { Id = Guid.CreateVersion7(now), Content = seal.Close(new(to, subject, text)), CreatedAt = now, NextAttemptAt = now });
    }

    /// <summary>
    /// Takes the letter that waits longest, in one statement: "skip locked" keeps replicas off each other's rows, and the next attempt is
    /// put off before this one is made, longer than it can last. So no second replica takes the letter meanwhile, and of one that dies it
    /// is free by time.
    /// </summary>
    internal async Task<MailRow?> LeaseAsync(CancellationToken cancellationToken)
    {
        // The model's own name of the table is all that is put into the text.
        var table = database.TableOf<MailRow>();
        var sql = $$"""
            update {{table}} set attempts = attempts + 1,
                next_attempt_at = {0} + least(interval '1 minute' * power(2, least(attempts, 10)), interval '4 hours')
            where id in (
                select id from {{table}} where next_attempt_at <= {0}
                order by next_attempt_at limit 1 for update skip locked)
            returning *
            """;
        var leased = await database.Set<MailRow>().FromSql(FormattableStringFactory.Create(sql, clock.GetStoredNow())).AsNoTracking().ToListAsync(cancellationToken);
        return leased.SingleOrDefault();
    }

    internal Task<int> DeleteAsync(Guid id, CancellationToken cancellationToken)
        => database.Set<MailRow>().Where(mail => mail.Id == id).ExecuteDeleteAsync(cancellationToken);
}
