using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Storage.Audit;

/// <summary>What is kept of a security event. No name and no address of anybody is in it, so that it may stay when its person is erased.</summary>
public abstract class AuditFacts
{
    internal const int TextLength = 100;
    internal const int RouteLength = 200;

    /// <summary>Known before the row is written, so that it is written once.</summary>
    public Guid Mark { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Its number.</summary>
    public int EventId { get; init; }

    /// <summary>And name (docs/events.md).</summary>
    public string EventName { get; init; } = "";

    /// <summary>Why it was refused, if it was.</summary>
    public string? Reason { get; init; }

    /// <summary>Whom it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>Who did it, where a check has proven that.</summary>
    public string? Actor { get; init; }

    /// <summary>Through which client.</summary>
    public string? Client { get; init; }

    /// <summary>The neighbourhood of the caller's address: about where from, and not who.</summary>
    public string? Network { get; init; }

    /// <summary>Of the request.</summary>
    public string? Method { get; init; }

    /// <summary>The pattern, never the path.</summary>
    public string? Route { get; init; }

    /// <summary>What was answered.</summary>
    public int? Status { get; init; }

    /// <summary>Where the trace says more.</summary>
    public string? TraceId { get; init; }

    /// <summary>What else the event says, as a JSON object.</summary>
    public string? Details { get; init; }
}

/// <summary>
/// A security event, for good: the role that the service logs in as can add such rows and read them, and neither change nor remove
/// one; what its owner changes shows in the chain (<see cref="AuditChain"/>).
/// </summary>
public sealed class AuditRow : AuditFacts
{
    /// <summary>The place in the order of writing, without gaps: the database gives it.</summary>
    public long Id { get; private set; }

    /// <summary>Over this row and the hash of the one before it; the database computes it.</summary>
    public byte[] Hash { get; private set; } = [];
}

/// <summary>
/// An event on its way to the trail, kept by the transaction that it tells of (<see cref="AuditTrail"/>): either both are there or neither. The
/// service's role can add one, and neither read, change nor remove it.
/// </summary>
public sealed class WaitingAuditRow : AuditFacts;

/// <summary>Table <c>audit_events</c> of a service's schema. It refers to no other: what it says outlives its person.</summary>
internal sealed class AuditMapping : IEntityTypeConfiguration<AuditRow>
{
    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable("audit_events", table => table.HasCheckConstraint("ck_audit_events_hash", "octet_length(hash) = 33"));
        builder.MapFacts("audit_events");
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.HasIndex(row => row.Mark).IsUnique().HasDatabaseName("ux_audit_events_mark");
        builder.HasIndex(row => new { row.Subject, row.Id }).HasDatabaseName("ix_audit_events_subject");
    }
}

/// <summary>Table <c>audit_waiting</c>, of the same bounds: what it takes, the trail takes too.</summary>
internal sealed class WaitingAuditMapping : IEntityTypeConfiguration<WaitingAuditRow>
{
    public void Configure(EntityTypeBuilder<WaitingAuditRow> builder)
    {
        builder.ToTable("audit_waiting");
        builder.MapFacts("audit_waiting");
        builder.HasKey(row => row.Mark);
        builder.Property(row => row.Mark).ValueGeneratedNever();
    }
}

internal static class AuditFactsMapping
{
    public static void MapFacts<T>(this EntityTypeBuilder<T> builder, string table)
        where T : AuditFacts
    {
        builder.ToTable(named => named.HasCheckConstraint($"ck_{table}_details", "octet_length(details::text) <= 8192"));
        foreach (var text in builder.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
            text.SetMaxLength(AuditFacts.TextLength);
        builder.Property(row => row.Route).HasMaxLength(AuditFacts.RouteLength);
        builder.Property(row => row.TraceId).HasMaxLength(32);
        builder.Property(row => row.Details).HasColumnType("jsonb").Metadata.SetMaxLength(null);
    }
}
