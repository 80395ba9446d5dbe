using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Sealing;

/// <summary>A row that is found by a hash of what it keeps sealed.</summary>
public interface IFoundRow : ISealedRow
{
    /// <summary>The hash that it is kept by.</summary>
    string? Lookup { get; }

    /// <summary>What it is found by, each in the form that is hashed.</summary>
    IEnumerable<string> Found { get; }
}

/// <summary>
/// Stops the start with another lookup key than the one that rows are kept by: nobody could sign in, all could register once more, and
/// all would look well.
/// </summary>
/// <param name="scopes">For the database.</param>
/// <param name="hash">With the key.</param>
/// <param name="reader">In whose name a row may be read.</param>
internal sealed class LookupKeyCheck<TContext, TRow>(IServiceScopeFactory scopes, LookupHash hash, DatabaseTask reader) : IHostedService
    where TContext : DbContext
    where TRow : class, IFoundRow
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var acting = reader.Begin();
        var one = await scopes.WithDatabaseAsync((TContext database) => database.Set<TRow>().AsNoTracking()
            .Where(row => EF.Property<DataKey>(row, nameof(ISealedRow.Key)) != null).OrderBy(row => EF.Property<Guid>(row, "Id")).FirstOrDefaultAsync(cancellationToken));
        if (one is not null && IsAnother(one))
            throw new InvalidOperationException("Set Sealing__LookupKey back to the one that accounts are found by (docs/keys.md): with this one nobody would be.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private bool IsAnother(TRow row)
    {
        try
        {
            return !row.Found.Select(hash.Of).Contains(row.Lookup, StringComparer.Ordinal);
        }
        catch (BrokenSealException)
        {
            // An event has said so. Nobody is kept out because of one row that somebody has damaged; a missing master key stops the start elsewhere.
            return false;
        }
    }
}
