namespace SecureShop.Identity.Audit;

internal static class AuditTrail
{
    /// <summary>What the audit table says about somebody, the newest first.</summary>
    public static IQueryable<AuditRow> AuditAbout(this IdentityDbContext database, Guid userId)
    {
        var subject = userId.ToString();
        return database.Set<AuditRow>().AsNoTracking().Where(row => row.Subject == subject).OrderByDescending(row => row.Id);
    }
}
