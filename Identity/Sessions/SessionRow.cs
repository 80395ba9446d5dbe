using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SecureShop.Identity.Sessions;

/// <summary>
/// A sign-in at one browser, until it ends. The browser holds a random key and the row only its hash, so that a dump of the table
/// opens no session.
/// </summary>
internal sealed class SessionRow
{
    /// <summary>How long nobody may be there.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>How long a session lasts at most, however busy.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The <c>sid</c> of tokens; no secret.</summary>
    public required string Id { get; set; }

    public required byte[] KeyHash { get; set; }

    public required Guid UserId { get; set; }

    public ShopUser? User { get; set; }

    /// <summary>The account's security stamp: with a new password every session that does not have the new stamp is over.</summary>
    public required string Stamp { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The absolute end.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>What kind of browser, in words of our own.</summary>
    public required string Device { get; set; }

    /// <summary>How, for people to read; what counts is in <see cref="Ticket"/>.</summary>
    public required string[] Methods { get; set; }

    /// <summary>Who is signed in, how and from where, sealed together with the key's hash: whoever can write to the table makes no session either.</summary>
    public byte[] Ticket { get; set; } = [];
}

internal sealed class SessionMapping : IEntityTypeConfiguration<SessionRow>
{
    public void Configure(EntityTypeBuilder<SessionRow> builder)
    {
        builder.ToTable("sessions", table => table.HasCheckConstraint("ck_sessions_key_hash", "octet_length(key_hash) = 32"));
        builder.Property(s => s.Id).HasMaxLength(32);
        builder.Property(s => s.Stamp).HasMaxLength(64);
        builder.Property(s => s.Device).HasMaxLength(60);
        builder.HasOne(s => s.User).WithMany().HasForeignKey(s => s.UserId);
        builder.HasIndex(s => s.KeyHash).IsUnique();
        builder.HasIndex(s => s.ExpiresAt);
    }
}

internal static class SessionQueries
{
    /// <summary>The sessions that are not over: neither expired nor idle, of an account that is open and has the same password as then.</summary>
    public static IQueryable<SessionRow> LiveSessions(this IdentityDbContext database, DateTimeOffset now)
    {
        var seen = now - SessionRow.Idle;
        return database.Set<SessionRow>().Where(s => s.ExpiresAt > now && s.LastSeenAt > seen && s.User!.SecurityStamp == s.Stamp
            && (s.User.LockoutEnd == null || s.User.LockoutEnd < DateTimeOffset.MaxValue));
    }
}

/// <summary>Removes the rows of sessions that are over by time.</summary>
internal sealed class EndedSessions : ITidying
{
    public Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = now - SessionRow.Idle;
        return services.GetRequiredService<IdentityDbContext>().Set<SessionRow>()
            .Where(s => s.ExpiresAt <= now || s.LastSeenAt <= seen).ExecuteDeleteAsync(cancellationToken);
    }
}
