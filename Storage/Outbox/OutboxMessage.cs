using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Storage.Outbox;

/// <summary>
/// Something that is still to be done, stored in the transaction of the change that asks for it: either both are there or neither. It says what
/// and about which row, and nothing of what is in that row: a queue is read by more people than a table.
/// </summary>
/// <remarks>
/// The id is the message's identity to whoever carries it out: it is removed in the transaction of its own effect, so that it has that once,
/// however often it is tried.
/// </remarks>
public sealed class OutboxMessage
{
    internal const int KindLength = 32;

    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is to be done, one of a fixed list.</summary>
    public required string Kind { get; init; }

    /// <summary>The row that it is about.</summary>
    public required Guid Subject { get; init; }

    /// <summary>When the change was made that asks for it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until then it belongs to whoever wrote this; after it anyone may take it.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>How often it was tried without success.</summary>
    public int Attempts { get; private set; }

    /// <summary>How many of these failed in earnest. To find nobody who answers is not the message's fault, and is not counted.</summary>
    public int Failures { get; private set; }

    /// <summary>Since when nobody tries it any more.</summary>
    public DateTimeOffset? ParkedAt { get; private set; }

    /// <summary>Whether it belongs to somebody now, or waits for its next attempt.</summary>
    public bool IsLeased(DateTimeOffset now) => NextAttemptAt > now;

    /// <summary>Takes it until <paramref name="until"/>.</summary>
    public void Lease(DateTimeOffset until) => NextAttemptAt = until;

    /// <summary>Gives a parked message back to those who try.</summary>
    public void Free(DateTimeOffset now)
    {
        (ParkedAt, Attempts, Failures) = (null, 0, 0);
        NextAttemptAt = now;
    }

    internal void PutOff(DateTimeOffset until, bool failed)
    {
        Attempts++;
        Failures += failed ? 1 : 0;
        NextAttemptAt = until;
    }

    internal void Park(DateTimeOffset now) => ParkedAt = now;
}

/// <summary>Table <c>outbox_messages</c> of a service's schema.</summary>
internal sealed class OutboxMapping : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.ToTable("outbox_messages", table => table.HasCheckConstraint("ck_outbox_messages_kind", "kind ~ '^[a-z_]+$'"));
        builder.Property(message => message.Id).ValueGeneratedNever();
        builder.Property(message => message.Kind).HasMaxLength(OutboxMessage.KindLength);

        // Of two who hold the same message, one whose lease is over, the slower one learns it when it saves.
        builder.Property(message => message.NextAttemptAt).IsConcurrencyToken();
        builder.HasIndex(message => message.NextAttemptAt).HasFilter("parked_at is null").HasDatabaseName("ix_outbox_messages_due");
        builder.HasIndex(message => message.Id).HasFilter("parked_at is not null").HasDatabaseName("ix_outbox_messages_parked");
    }
}
