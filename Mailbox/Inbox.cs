using MimeKit;

namespace SecureShop.Mailbox;

/// <summary>A mail as it arrived.</summary>
/// <param name="Id">Its number, counted from the start.</param>
/// <param name="To">Whom it was sent to.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Text">Its plain text.</param>
/// <param name="At">When it came.</param>
internal sealed record ReceivedMail(int Id, string To, string Subject, string Text, DateTimeOffset At);

/// <summary>The last mails, in memory: no disk fills up, and with the run they are gone.</summary>
/// <param name="clock">The time.</param>
/// <param name="received">Told of each mail that comes.</param>
internal sealed class Inbox(TimeProvider clock, Action<ReceivedMail>? received = null)
{
    public const int Capacity = 500;

    private readonly Lock gate = new();
    private readonly Queue<ReceivedMail> mails = new();
    private int count;

    /// <summary>The mails, the newest first.</summary>
    public IReadOnlyList<ReceivedMail> Newest
    {
        get
        {
            lock (gate)
                return [.. mails.Reverse()];
        }
    }

    public void Add(string to, MimeMessage message)
    {
        ReceivedMail mail;
        lock (gate)
        {
            mail = new(++count, to, message.Subject ?? "", message.TextBody ?? "", clock.GetUtcNow());
            mails.Enqueue(mail);
            if (mails.Count > Capacity)
                mails.Dequeue();
        }

        received?.Invoke(mail);
    }
}
