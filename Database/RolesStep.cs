using Npgsql;

namespace SecureShop.Database;

/// <summary>
/// Creates the roles and schemas and gives each role the least it needs (P13). Everything is said again on every run,
/// so that a right that someone gave or took by hand is put back.
/// </summary>
internal static class RolesStep
{
    /// <summary>
    /// The most sessions one service may hold over all its replicas, so that a flooded service cannot take the
    /// server's connections from the others. A pool holds 8 (AppHost), and there are 8 replicas at most.
    /// </summary>
    private const string ConnectionLimit = "64";

    /// <summary>Bounds that a service cannot forget: a statement, lock or transaction that hangs is ended by the server.</summary>
    private static readonly (string Setting, string Value)[] Bounds =
    [
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ];

    public static async Task RunAsync(
        NpgsqlConnection admin, IReadOnlyList<ServiceSchema> schemas, Func<string, string> passwordOf, CancellationToken cancellationToken)
    {
        Task Run(string template, params string[] names) => Sql.ExecuteAsync(admin, template, names, cancellationToken);

        var database = admin.Database;
        var superuser = await Sql.ScalarAsync<bool>(admin, "select rolsuper from pg_roles where rolname = current_user", [], cancellationToken);

        // By default everyone may connect, make temporary tables and, in an upgraded database, write to public.
        await Run("revoke all on database %I from public", database);
        await Run("revoke all on schema public from public");

        foreach (var schema in schemas)
        {
            await CreateRoleAsync(admin, schema.Migrator, cancellationToken);
            await CreateRoleAsync(admin, schema.App, cancellationToken);
            await Run("alter role %I nologin password null", schema.Migrator);
            await Run($"alter role %I login connection limit {ConnectionLimit} password %L", schema.App, ScramVerifier.Create(passwordOf(schema.App)));
            await Run("alter role %I set search_path = %I", schema.App, schema.Name);
            foreach (var (setting, value) in Bounds)
                await Run("alter role %I set %I = %L", schema.App, setting, value);

            // A managed server's administrator is no superuser: it may take on only roles that it was granted.
            if (!superuser)
                await Run("grant %I to current_user", schema.Migrator);

            await Run("grant connect on database %I to %I", database, schema.App);
            await Run("create schema if not exists %I authorization %I", schema.Name, schema.Migrator);

            await GrantAsync(admin, schema, cancellationToken);
        }
    }

    /// <summary>What the owner of the schema lets the service do, now and in tables to come.</summary>
    private static async Task GrantAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        Task Run(string template, params string[] names) => Sql.ExecuteAsync(admin, template, names, cancellationToken);

        await using var role = await TakenRole.TakeAsync(admin, schema.Migrator, cancellationToken);
        await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
        await Run("revoke all on schema %I from public, %I", schema.Name, schema.App);
        await Run("grant usage on schema %I to %I", schema.Name, schema.App);
        await Run("alter default privileges in schema %I grant select, insert, update, delete on tables to %I", schema.Name, schema.App);
        await Run("alter default privileges in schema %I grant usage, select on sequences to %I", schema.Name, schema.App);
        await Run("alter default privileges revoke execute on functions from public");
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CreateRoleAsync(NpgsqlConnection admin, string role, CancellationToken cancellationToken)
    {
        if (!await Sql.ScalarAsync<bool>(admin, "select exists (select from pg_roles where rolname = $1)", [role], cancellationToken))
            await Sql.ExecuteAsync(admin, "create role %I", [role], cancellationToken);
    }
}
