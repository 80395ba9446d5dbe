using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Storage.PersonalData;

/// <summary>What a person asks of all that keep something about them.</summary>
public enum PersonalRequestKind
{
    /// <summary>A copy.</summary>
    Export,

    /// <summary>An end of it.</summary>
    Erase,
}

/// <summary>How far one service has got with it.</summary>
public enum PersonalPartState
{
    /// <summary>It has not answered.</summary>
    Open,

    /// <summary>It has.</summary>
    Done,

    /// <summary>It keeps more than goes into one file.</summary>
    TooLarge,
}

/// <summary>A person's wish for a copy of their data, or for its end. It knows its person by their id alone, and stays when their account goes.</summary>
public sealed class PersonalRequest
{
    internal const int SubjectLength = 64;

    /// <summary>A UUIDv7: the oldest comes first.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose data it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>What is wanted.</summary>
    public required PersonalRequestKind Kind { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>What each service has to answer.</summary>
    public List<PersonalPart> Parts { get; init; } = [];

    /// <summary>Every service has answered.</summary>
    public bool IsComplete => Parts.TrueForAll(part => part.State != PersonalPartState.Open);
}

/// <summary>What one service has to answer to a <see cref="PersonalRequest"/>.</summary>
public sealed class PersonalPart
{
    /// <summary>The request.</summary>
    public Guid RequestId { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>How far it is.</summary>
    public PersonalPartState State { get; init; }

    /// <summary>The copy, as JSON, sealed for this place.</summary>
    public byte[]? Content { get; init; }

    /// <summary>When the service answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }
}

/// <summary>Table <c>personal_requests</c>.</summary>
internal sealed class PersonalRequestMapping : IEntityTypeConfiguration<PersonalRequest>
{
    public void Configure(EntityTypeBuilder<PersonalRequest> builder)
    {
        builder.ToTable("personal_requests", table => table.HasCheckConstraint("ck_personal_requests_kind", "kind in ('Export', 'Erase')"));
        builder.Property(request => request.Id).ValueGeneratedNever();
        builder.Property(request => request.Subject).HasMaxLength(PersonalRequest.SubjectLength);
        builder.Property(request => request.Kind).HasMaxLength(8).HasConversion<string>();
        builder.Ignore(request => request.IsComplete);

        // One copy at a time; of two clicks at once one begins it.
        builder.HasIndex(request => new { request.Subject, request.Kind }).IsUnique().HasDatabaseName("ux_personal_requests_subject_kind");
        builder.HasMany(request => request.Parts).WithOne().HasForeignKey(part => part.RequestId).HasConstraintName("fk_personal_parts_personal_requests");
    }
}

/// <summary>Table <c>personal_parts</c>.</summary>
internal sealed class PersonalPartMapping : IEntityTypeConfiguration<PersonalPart>
{
    public void Configure(EntityTypeBuilder<PersonalPart> builder)
    {
        builder.ToTable("personal_parts", table =>
        {
            table.HasCheckConstraint("ck_personal_parts_state", "state in ('Open', 'Done', 'TooLarge')");
            table.HasCheckConstraint("ck_personal_parts_answered", "(state = 'Open') = (answered_at is null)");
            table.HasCheckConstraint("ck_personal_parts_content", $"content is null or (state = 'Done' and octet_length(content) <= {PersonalRequests.MaxContent + 1024})");
        });
        builder.HasKey(part => new { part.RequestId, part.Service });
        builder.Property(part => part.Service).HasMaxLength(16);
        builder.Property(part => part.State).HasMaxLength(8).HasConversion<string>();

        // What a service asks for every few seconds.
        builder.HasIndex(part => new { part.Service, part.RequestId }).HasFilter("state = 'Open'").HasDatabaseName("ix_personal_parts_open");
    }
}
