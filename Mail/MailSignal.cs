using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SecureShop.Mail;

/// <summary>Wakes this replica's dispatcher as soon as a letter is committed. The other replicas look by themselves now and then.</summary>
internal sealed class MailSignal : SaveChangesInterceptor, IDbTransactionInterceptor, IDisposable
{
    private readonly SemaphoreSlim signals = new(0);

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => signals.WaitAsync(atMost, cancellationToken);

    public void Wake()
    {
        // Two that come at once may both count: the dispatcher then looks once for nothing.
        if (signals.CurrentCount == 0)
            signals.Release();
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        WakeAfter(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        WakeAfter(eventData.Context);
        return Task.CompletedTask;
    }

    public void Dispose() => signals.Dispose();

    private void WakeAfter(DbContext? context)
    {
        if (context?.ChangeTracker.Entries<MailRow>().Any() == true)
            Wake();
    }
}
