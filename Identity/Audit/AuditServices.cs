namespace SecureShop.Identity.Audit;

internal static class AuditServices
{
    /// <summary>Security events become rows too.</summary>
    public static void AddAudit(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditQueue>();
        builder.Services.AddSingleton<ISecurityEventSink>(provider => provider.GetRequiredService<AuditQueue>());
        builder.Services.AddHostedService<AuditWriter>();
    }
}
