namespace SecureShop.Identity.Audit;

internal static partial class AuditEvents
{
    /// <summary>The log has them; the table never will.</summary>
    [LoggerMessage(4060, LogLevel.Error, "The audit table lost {Count} events")]
    public static partial void AuditLost(this ILogger security, long count);
}
