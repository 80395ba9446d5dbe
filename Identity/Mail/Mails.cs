namespace SecureShop.Identity.Mail;

/// <summary>
/// Letters to be sent. One is a row of the caller's own transaction: it goes out if what it tells of has happened, and only then; and
/// it waits in the database while the mail server is away.
/// </summary>
internal sealed class Mails(IdentityDbContext database, LetterSeal seal, TimeProvider clock)
{
    public void Add(string to, string subject, string text)
    {
        var now = clock.GetStoredNow();
        database.Set<MailRow>().Add(new()
        {
            Id = Guid.CreateVersion7(now),
            Content = seal.Close(new(to, subject, text)),
            CreatedAt = now,
            NextAttemptAt = now,
        });
    }
}
