using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SecureShop.Storage.Workers;

/// <summary>Wakes this replica's worker as soon as a <typeparamref name="TRow"/> is committed. The other replicas look by themselves now and then.</summary>
public sealed class CommitSignal<TRow> : SaveChangesInterceptor, IDbTransactionInterceptor, IDisposable
    where TRow : class
{
    private readonly SemaphoreSlim signals = new(0);

    /// <summary>Until one is committed, or for that long; says which.</summary>
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => signals.WaitAsync(atMost, cancellationToken);

    /// <summary>For that long; what is committed meanwhile is looked for together, and wakes nobody again.</summary>
    public async Task GatherAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await Task.Delay(time, cancellationToken);
        while (await signals.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
        }
    }

    /// <summary>Has the worker look now.</summary>
    public void Wake()
    {
        // Two that come at once may both count: the dispatcher then looks once for nothing.
        if (signals.CurrentCount == 0)
            signals.Release();
    }

    /// <inheritdoc/>
    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        WakeAfter(eventData.Context);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        WakeAfter(eventData.Context);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => signals.Dispose();

    private void WakeAfter(DbContext? context)
    {
        if (context is null)
            return;

        // What was saved is known: to look for changes now would be for nothing.
        var detects = context.ChangeTracker.AutoDetectChangesEnabled;
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        if (context.ChangeTracker.Entries<TRow>().Any())
            Wake();
        context.ChangeTracker.AutoDetectChangesEnabled = detects;
    }
}

/// <summary>Registers signals.</summary>
public static class CommitSignals
{
    /// <summary>Has commits of <typeparamref name="TContext"/> wake who waits for a <typeparamref name="TRow"/>.</summary>
    public static void AddCommitSignal<TContext, TRow>(this IServiceCollection services)
        where TContext : DbContext
        where TRow : class
    {
        services.AddSingleton<CommitSignal<TRow>>();
        services.ConfigureDbContext<TContext>((provider, options) => options.AddInterceptors(provider.GetRequiredService<CommitSignal<TRow>>()));
    }
}
