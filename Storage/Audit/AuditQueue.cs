using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Storage.Audit;

/// <summary>A row on its way to the table, and the word that it has got there.</summary>
internal sealed record AuditEntry(AuditRow Row)
{
    public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Takes the events that the table is for, in their order. The answer to a request waits until its rows are written: nobody is told
/// that something was done before there is a trace of it. It waits for a while only: with Postgres away rows stay queued, and when
/// the queue is full too, those that find no room are counted.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="first">The service's own events begin with this id,</param>
/// <param name="last">and end with this one.</param>
/// <param name="kept">Of these, what the transactions keep that they tell of (<see cref="AuditTrail"/>).</param>
internal sealed class AuditQueue(TimeProvider clock, int first, int last, params int[] kept) : ISecurityEventSink
{
    public const int Capacity = 4_096;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int OwnershipRefused = 1003;
    private const int Suppressed = 1009;

    private readonly Channel<AuditEntry> rows = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private long lost;

    public ChannelReader<AuditEntry> Rows => rows.Reader;

    public void Record(SecurityEvent happened, HttpContext? context)
    {
        // Of what all services have: who named somebody else's object, how many refusals were left out, and what was given out or erased of a person.
        var own = happened.Id.Id >= first && happened.Id.Id <= last;
        if ((!own && happened.Id.Id is not (OwnershipRefused or Suppressed or PersonalDataEvents.Exported or PersonalDataEvents.Erased)) || kept.Contains(happened.Id.Id))
            return;
        var written = WriteAsync(new(AuditRows.From<AuditRow>(happened, context, clock.GetStoredNow())));

        // "Not yours" is answered as "not there": were it written first, the time would tell that the object exists.
        if (own && !written.IsCompleted && context is { Response.HasStarted: false })
            context.Response.OnStarting(() => written);
    }

    /// <summary>No more rows come.</summary>
    public void Close() => rows.Writer.TryComplete();

    public void Lose(long count) => Interlocked.Add(ref lost, count);

    /// <summary>How many rows were lost since the last call.</summary>
    public long TakeLost() => Interlocked.Exchange(ref lost, 0);

    private async Task WriteAsync(AuditEntry entry)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            await rows.Writer.WriteAsync(entry, patience.Token);
        }
        catch (Exception full) when (full is OperationCanceledException or ChannelClosedException)
        {
            Lose(1);
            return;
        }

        // Not written in time: the row stays queued, and the request goes on.
        await entry.Written.Task.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
