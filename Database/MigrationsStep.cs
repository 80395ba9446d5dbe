using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace SecureShop.Database;

/// <summary>Brings one service's schema up to date, as the role that owns it.</summary>
internal static class MigrationsStep
{
    /// <summary>How many migrations ran.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, schema.Migrator, cancellationToken);

        var done = await DoneAsync(admin, schema, cancellationToken);
        if (done.Except(schema.Migrations, StringComparer.Ordinal).FirstOrDefault() is { } newer)
            throw new JobException($"The schema {schema.Name} is newer than this build (migration {newer}): run the job of the newer version.");

        var missing = schema.Migrations.Except(done, StringComparer.Ordinal).Count();
        if (missing > 0)
        {
            await ViewsStep.RemoveAsync(admin, schema, cancellationToken);
            await using var context = schema.OpenContext(admin);

            // EF Core finds out by an error that the table is not there yet, and the server would log it on every first start.
            await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        await GrantAsync(admin, schema, cancellationToken);
        return missing;
    }

    /// <summary>
    /// The rights on each table as they should be, whoever changed them. In one transaction: a service that runs
    /// meanwhile sees no moment without its rights.
    /// </summary>
    private static async Task GrantAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        Task Run(string template, params string[] names) => Sql.ExecuteAsync(admin, template, names, cancellationToken);

        await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
        await Run("revoke all on all tables in schema %I from public, %I", schema.Name, schema.App);
        await Run("grant select, insert, update, delete on all tables in schema %I to %I", schema.Name, schema.App);
        await Run("grant usage, select on all sequences in schema %I to %I", schema.Name, schema.App);
        foreach (var table in schema.ReadOnlyTables.Concat(await ViewsAsync(admin, schema, cancellationToken)))
            await Run("revoke insert, update, delete on %I.%I from %I", schema.Name, table, schema.App);
        foreach (var table in schema.AppendOnlyTables)
            await Run("revoke update, delete on %I.%I from %I", schema.Name, table, schema.App);
        foreach (var function in schema.Functions)
            await Run("grant execute on function %I.%I to %I", schema.Name, function, schema.App);
        foreach (var table in await HiddenTablesAsync(admin, schema, cancellationToken))
            await Run("revoke all on %I.%I from %I", schema.Name, table, schema.App);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The job's own tables begin with two underscores; the services have no business there.</summary>
    private static async Task<IReadOnlyList<string>> HiddenTablesAsync(
        NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
        => await Sql.ScalarAsync<string[]>(
            admin,
            "select coalesce(array_agg(tablename::text), '{}') from pg_tables where schemaname = $1 and left(tablename, 2) = '__'",
            [schema.Name],
            cancellationToken);

    /// <summary>What is written to a view would be written with the rights of its owner.</summary>
    private static async Task<IReadOnlyList<string>> ViewsAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
        => await Sql.ScalarAsync<string[]>(
            admin, "select coalesce(array_agg(viewname::text), '{}') from pg_views where schemaname = $1", [schema.Name], cancellationToken);

    private static async Task<IReadOnlyList<string>> DoneAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        var there = await Sql.ScalarAsync<bool>(
            admin, "select to_regclass(format('%I.%I', $1, $2)) is not null", [schema.Name, ServiceSchema.History], cancellationToken);
        if (!there)
            return [];

        var text = await Sql.FormatAsync(
            admin, "select coalesce(array_agg(\"MigrationId\"::text), '{}') from %I.%I", [schema.Name, ServiceSchema.History], cancellationToken);
        return await Sql.ScalarAsync<string[]>(admin, text, [], cancellationToken);
    }
}
