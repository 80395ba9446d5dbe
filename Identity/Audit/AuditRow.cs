using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Audit;

/// <summary>
/// A security event, for good: the role that the service logs in as can add such rows and read them, and neither change nor remove
/// one. No name and no address of anybody is in it, so that it may stay when its person is erased.
/// </summary>
internal sealed class AuditRow
{
    public const int TextLength = 100;
    public const int RouteLength = 200;

    /// <summary>In the order of writing.</summary>
    public long Id { get; private set; }

    /// <summary>Known before the row is written, so that it is written once.</summary>
    public Guid Mark { get; init; }

    public DateTimeOffset At { get; init; }

    public int EventId { get; init; }

    public string EventName { get; init; } = "";

    public string? Reason { get; init; }

    /// <summary>Whom it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>Who did it, where a check has proven that.</summary>
    public string? Actor { get; init; }

    public string? Client { get; init; }

    /// <summary>The neighbourhood of the caller's address: about where from, and not who.</summary>
    public string? Network { get; init; }

    public string? Method { get; init; }

    public string? Route { get; init; }

    public int? Status { get; init; }

    public string? TraceId { get; init; }

    /// <summary>What else the event says, as a JSON object.</summary>
    public string? Details { get; init; }
}

/// <summary>Table <c>audit_events</c>. It refers to no other: what it says outlives its person.</summary>
internal sealed class AuditMapping : IEntityTypeConfiguration<AuditRow>
{
    public const string Table = "audit_events";

    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable(Table, table => table.HasCheckConstraint("ck_audit_events_details", "octet_length(details::text) <= 8192"));
        builder.Property(row => row.Id).UseIdentityAlwaysColumn();
        foreach (var text in builder.Metadata.GetProperties().Where(property => property.ClrType == typeof(string)))
            text.SetMaxLength(AuditRow.TextLength);
        builder.Property(row => row.Route).HasMaxLength(AuditRow.RouteLength);
        builder.Property(row => row.TraceId).HasMaxLength(32);
        builder.Property(row => row.Details).HasColumnType("jsonb").Metadata.SetMaxLength(null);
        builder.HasIndex(row => row.Mark).IsUnique();
        builder.HasIndex(row => new { row.Subject, row.Id }).HasDatabaseName("ix_audit_events_subject");
    }
}
