using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Data;

namespace SecureShop.Storage.Audit;

/// <summary>
/// Signs how far the chain went: at once, and then every few seconds while rows come. The checkpoint goes to the log, which leaves the machine, and
/// to a file where a folder is set. Each replica signs what it has written itself, which is committed by then.
/// </summary>
internal sealed partial class CheckpointWriter(IOptions<AuditOptions> options, TimeProvider clock, ILogger<CheckpointWriter> logger) : BackgroundService
{
    // The newest place says it all.
    private readonly Channel<AuditPlace> reached = Channel.CreateBounded<AuditPlace>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly ECDsa key = CheckpointKey.Private(options.Value.Key);
    private readonly Lock gate = new();
    private Task? lastSigning;
    private long newest;
    private AuditPlace? unsigned;

    /// <summary>So far the chain goes for good.</summary>
    public void Reached(AuditPlace place)
    {
        // Of two who write, the one who is ahead may tell it first.
        lock (gate)
        {
            if (newest >= place.Row)
                return;
            newest = place.Row;
            reached.Writer.TryWrite(place);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // One, however many stop the service at once: who is through disposes of the key.
        Task signing;
        lock (gate)
            signing = lastSigning ??= SignLastAsync(cancellationToken);
        await signing;
    }

    public override void Dispose()
    {
        key.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // What could not be kept is kept later, unless more has been written since.
            if (unsigned is null || reached.Reader.TryPeek(out _))
                unsigned = await reached.Reader.ReadAsync(stoppingToken);
            await SignAsync(stoppingToken);
            await Task.Delay(options.Value.Interval, clock, stoppingToken);
        }
    }

    private async Task SignLastAsync(CancellationToken cancellationToken)
    {
        if (reached.Reader.TryRead(out var last))
            unsigned = last;
        if (unsigned is not null)
            await SignAsync(cancellationToken);
    }

    private async Task SignAsync(CancellationToken cancellationToken)
    {
        var (schema, row, hash) = unsigned!;
        var text = CheckpointText.Sign(new(schema, row, hash, clock.GetStoredNow()), key);
        AuditSigned(schema, row, text);
        try
        {
            if (options.Value.Folder is { Length: > 0 } folder)
                await AppendAsync(Directory.CreateDirectory(folder).FullName, schema, text, cancellationToken);
            unsigned = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another replica may hold the file; also a full disk ends some day.
            AuditNotKept(schema, failure);
        }
    }

    // Nobody else meanwhile: two that write at the same place would leave one line of both.
    private static async Task AppendAsync(string folder, string schema, string text, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(Path.Combine(folder, $"{schema}.checkpoints"), FileMode.Append, FileAccess.Write, FileShare.None);
        await file.WriteAsync(Encoding.ASCII.GetBytes($"{text}\n"), cancellationToken);
    }

    [LoggerMessage(4112, LogLevel.Information, "The audit trail of {Schema} is signed up to row {Row}: {Checkpoint}")]
    private partial void AuditSigned(string schema, long row, string checkpoint);

    [LoggerMessage(4113, LogLevel.Error, "The checkpoint of {Schema} could not be kept in its file; it is in the log, and the next try comes by itself")]
    private partial void AuditNotKept(string schema, Exception failure);
}
