using Microsoft.EntityFrameworkCore;
using SecureShop.Identity.Data;

namespace SecureShop.Identity.Tokens.Duende;

/// <summary>Removes grants that have expired. Every replica may do it at once: a row is deleted by one of them.</summary>
internal sealed partial class ExpiredGrants(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ExpiredGrants> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RemoveAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Only tidying: expired grants are refused whether or not they are still there.
                NotRemoved(failure);
            }
        }
    }

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = clock.GetUtcNow();
        await scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Grants
            .Where(g => g.ExpiresAt < now).ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(4101, LogLevel.Warning, "Expired grants could not be removed; the next try is in ten minutes.")]
    private partial void NotRemoved(Exception failure);
}
