using Npgsql;
using SecureShop.Database.Policies;

namespace SecureShop.Database;

/// <summary>The views by which the service reads what everyone may see (<see cref="PublicView"/>): made anew after the migrations, as the role that owns the tables.</summary>
internal static class ViewsStep
{
    /// <summary>Before migrations, as the owner: they could not change a column that a view shows.</summary>
    public static async Task RemoveAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        foreach (var view in schema.Views)
            await RemoveAsync(admin, schema, view, cancellationToken);
    }

    public static async Task RunAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, schema.Migrator, cancellationToken);
        foreach (var view in schema.Views)
        {
            // What is written to a view of the owner's is written with the owner's rights: the service gets no more than to read it.
            await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
            await RemoveAsync(admin, schema, view, cancellationToken);
            await Sql.ExecuteAsync(admin, $"create view %I.%I as {view.Query}", [schema.Name, view.Name], cancellationToken);
            await Sql.ExecuteAsync(admin, "revoke all on %I.%I from public, %I", [schema.Name, view.Name, schema.App], cancellationToken);
            await Sql.ExecuteAsync(admin, "grant select on %I.%I to %I", [schema.Name, view.Name, schema.App], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static Task RemoveAsync(NpgsqlConnection admin, ServiceSchema schema, PublicView view, CancellationToken cancellationToken)
        => Sql.ExecuteAsync(admin, "drop view if exists %I.%I", [schema.Name, view.Name], cancellationToken);
}
