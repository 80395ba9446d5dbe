using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;
using SecureShop.Storage.Workers;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// Wraps by the current master key what an earlier one wraps, a batch at a time, at the start and every minute; any number of replicas
/// may. Nobody notices: customers' keys stay what they are, and so does all that is sealed by them.
/// </summary>
internal sealed partial class Rewrapping<TContext>(IServiceScopeFactory scopes, MasterKeys masters, TimeProvider clock, ILogger<Rewrapping<TContext>> logger)
    : PeriodicWorker(DatabaseTask.Sealing, TimeSpan.FromMinutes(1), clock)
    where TContext : DbContext
{
    private const int Batch = 100;

    private bool checkedKeys;

    protected override bool BeginsAtOnce => true;

    /// <summary>Stops the service where customers' keys are wrapped by a master key that it was not given: it would refuse these customers one by one.</summary>
    internal async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Sealing.Begin();
        var used = await scopes.WithDatabaseAsync((TContext database) => database.Set<DataKey>().Where(key => key.MasterKey != null)
            .GroupBy(key => key.MasterKey!).Select(keys => new { Id = keys.Key, Count = keys.Count() }).ToListAsync(cancellationToken));
        return used.Find(one => !masters.Knows(one.Id)) is { } unknown ? throw new MissingMasterKeyException(unknown.Id, unknown.Count) : true;
    }

    /// <summary>Wraps anew until nothing is left that nobody else works on.</summary>
    protected override async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        checkedKeys = checkedKeys || await CheckAsync(cancellationToken);
        string[] earlier = [.. masters.Earlier];
        var (done, batch) = (0, 0);
        do
        {
            if (earlier.Length > 0)
                batch = await scopes.WithDatabaseAsync((TContext database) => RewrapAsync(database, earlier, cancellationToken));
            done += batch;
        }
        while (batch == Batch);

        var waiting = earlier.Length == 0 ? 0 : await scopes.WithDatabaseAsync((TContext database)
            => database.Set<DataKey>().CountAsync(key => earlier.Contains(key.MasterKey!), cancellationToken));
        SealingMetrics.Wait(waiting);
        if (done > 0)
            KeysRewrapped(done, masters.Current, waiting);
        return done;
    }

    protected override void LogFailure(Exception failure) => KeysNotRewrapped(failure);

    /// <summary>All other failures pass: what an earlier key wraps opens as before, also where one key is damaged.</summary>
    protected override bool IsFatal(Exception failure) => failure is MissingMasterKeyException;

    private Task<int> RewrapAsync(TContext database, string[] earlier, CancellationToken cancellationToken) => database.InTransactionAsync(
        async () =>
        {
            // The model's own names are all that is put into the text.
            var (table, schema) = (database.TableOf<DataKey>(), database.Model.GetDefaultSchema()!);
            var keys = await database.Set<DataKey>().FromSql(FormattableStringFactory.Create(
                $"select * from {table} where master_key = any ({{0}}) order by master_key, owner_id limit {Batch} for update skip locked", [earlier])).ToListAsync(cancellationToken);
            foreach (var key in keys)
            {
                if (masters.Unwrap(key.Wrapped, key.MasterKey!, schema, key.OwnerId) is not { } unwrapped)
                    throw new CryptographicException($"The data key of {key.OwnerId} does not unwrap.");
                key.Rewrap(masters.Wrap(unwrapped, schema, key.OwnerId), masters.Current);
                CryptographicOperations.ZeroMemory(unwrapped);
            }

            await database.SaveChangesAsync(cancellationToken);
            return keys.Count;
        },
        _ => true,
        cancellationToken);

    [LoggerMessage(4121, LogLevel.Information, "{Count} customers' keys are wrapped by the master key {Key} now; {Waiting} wait.")]
    private partial void KeysRewrapped(int count, string key, int waiting);

    [LoggerMessage(4122, LogLevel.Error, "Customers' keys could not be wrapped anew; the next try is in a minute, and earlier master keys are needed until then.")]
    private partial void KeysNotRewrapped(Exception failure);
}

/// <summary>The start ends with this.</summary>
internal sealed class MissingMasterKeyException(string id, int count)
    : Exception($"Set Sealing__MasterKeys__1 to the master key {id}, beside the present one: it wraps the keys of {count} customers, whose data nobody can read without it (docs/keys.md).");
