using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// Seals the texts of each <see cref="ISealedRow"/> before it is saved, and gives those that are read what opens them: the one place that
/// does. The key is in the row's own statement, so that neither costs one more.
/// </summary>
internal sealed class SealedRows : SaveChangesInterceptor, IMaterializationInterceptor
{
    /// <summary>The only one: it holds nothing, and with more EF Core would build all that is behind a context once more for each.</summary>
    public static SealedRows Instance { get; } = new();

    public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
    {
        // Who reads past the service, without keys, gets texts that do not open.
        if (entity is ISealedRow row && Find(materializationData.Context) is { } seals)
        {
            var schema = materializationData.Context.Model.GetDefaultSchema()!;
            foreach (var text in row.Texts)
            {
                text.Opening = asked =>
                {
                    using var seal = seals.Open(row, schema);
                    return asked.Open(seal, row.Row);
                };
            }
        }

        return entity;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Close(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Close(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    private static void Close(DbContext database)
    {
        foreach (var entry in database.ChangeTracker.Entries<ISealedRow>().Where(entry => entry.State != EntityState.Deleted && entry.Entity.Texts.Any(text => text.Waits)).ToList())
        {
            var row = entry.Entity;
            var (seals, schema) = (Find(database) ?? throw new InvalidOperationException("There are no keys, so no personal text can be stored."), database.Model.GetDefaultSchema()!);

            // Beside its row, in one transaction. Of somebody who was erased there is a key already, which is none: that ends here.
            if (row.Key is null)
                database.Add(row.Key = seals.Make(row, schema));
            using var seal = seals.Open(row, schema);
            foreach (var text in row.Texts)
                text.Close(seal, row.Row);
        }

        // Who updates a whole row means the key that hangs on it too: a key that another replica wraps anew meanwhile would get its old wrapping back.
        foreach (var property in database.ChangeTracker.Entries<DataKey>().Where(key => key.State == EntityState.Modified).SelectMany(key => key.Properties).Where(property => property.IsModified).ToList())
            property.IsModified = !property.Metadata.GetValueComparer().Equals(property.CurrentValue, property.OriginalValue);
    }

    private static RowSeals? Find(DbContext database)
        => database.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<RowSeals>();
}
