using Npgsql;
using SecureShop.Database.Policies;

namespace SecureShop.Database;

/// <summary>The views of a schema (<see cref="OwnerView"/>): said again after the migrations, as the role that owns the tables.</summary>
internal static class ViewsStep
{
    /// <summary>
    /// Before migrations, as the owner: they could not change a column that a view shows. A policy that asks a view goes with it, and its table is closed until it
    /// is said again.
    /// </summary>
    public static async Task RemoveAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        foreach (var view in schema.Views)
            await Sql.ExecuteAsync(admin, "drop view if exists %I.%I cascade", [schema.Name, view.Name], cancellationToken);
    }

    public static async Task RunAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, schema.Migrator, cancellationToken);
        foreach (var view in schema.Views)
        {
            // What is written to a view of the owner's is written with the owner's rights: the service gets no more than to read it.
            await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
            await Sql.ExecuteAsync(admin, $"create or replace view %I.%I as {view.Query}", [schema.Name, view.Name], cancellationToken);
            await Sql.ExecuteAsync(admin, "revoke all on %I.%I from public, %I", [schema.Name, view.Name, schema.App], cancellationToken);
            await Sql.ExecuteAsync(admin, "grant select on %I.%I to %I", [schema.Name, view.Name, schema.App], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
