namespace SecureShop.Mail;

/// <summary>A letter that waits to be sent. Once it is, the row is gone.</summary>
[Index(nameof(NextAttemptAt))]
internal sealed class MailRow
{
    public Guid Id { get; set; }

    /// <summary>The letter, sealed.</summary>
    public required byte[] Content { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When somebody may try next; whoever tries puts it off first, so that it is the lease too.</summary>
    public DateTimeOffset NextAttemptAt { get; set; }

    public int Attempts { get; set; }
}
