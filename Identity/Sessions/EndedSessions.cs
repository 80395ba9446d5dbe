namespace SecureShop.Identity.Sessions;

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
