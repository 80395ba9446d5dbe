using OpenIddict.Abstractions;

namespace SecureShop.Identity.Tokens.OpenIddict;

/// <summary>Removes tokens and families that are of no use any more. Every replica may do it at once.</summary>
internal sealed partial class Pruning(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Pruning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // Younger ones are kept: that a token was used before is known by its row.
    private static readonly TimeSpan Age = TokenLifetimes.RefreshLongest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var before = clock.GetUtcNow() - Age;
                await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, stoppingToken);
                await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Only tidying: what has ended is refused whether or not it is still there.
                NotPruned(failure);
            }
        }
    }

    [LoggerMessage(4101, LogLevel.Warning, "Tokens that have ended could not be removed; the next try is in ten minutes.")]
    private partial void NotPruned(Exception failure);
}
