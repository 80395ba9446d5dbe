namespace SecureShop.Identity.Audit;

/// <summary>What the audit table says about somebody.</summary>
/// <param name="At">When it happened.</param>
/// <param name="EventId">What, by number (docs/events.md).</param>
/// <param name="Event">What, by name.</param>
/// <param name="Reason">Why it was refused, if it was.</param>
/// <param name="Client">For which client.</param>
/// <param name="Network">About where from.</param>
/// <param name="Details">What else is known of it, as JSON.</param>
internal sealed record AuditLine(DateTimeOffset At, int EventId, string Event, string? Reason, string? Client, string? Network, string? Details);

/// <summary>Reads the audit table.</summary>
internal sealed class AuditTrail(IdentityDbContext database)
{
    /// <summary>All about somebody, the newest first.</summary>
    public IQueryable<AuditLine> About(Guid userId)
    {
        var subject = userId.ToString();
        return database.Set<AuditRow>().AsNoTracking()
            .Where(row => row.Subject == subject)
            .OrderByDescending(row => row.Id)
            .Select(row => new AuditLine(row.At, row.EventId, row.EventName, row.Reason, row.Client, row.Network, row.Details));
    }
}
