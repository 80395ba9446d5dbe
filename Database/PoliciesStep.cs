using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SecureShop.Database.Policies;

namespace SecureShop.Database;

/// <summary>
/// Row-level security as each table's rule says (<see cref="TableRule"/>), forced, so that the tables' owner is under it too. It is said
/// again where it is not so any more, whoever changed it; a table that is as it should be is not touched, since that would lock it. A
/// table without a rule stops the job: none is forgotten.
/// </summary>
internal static class PoliciesStep
{
    /// <summary>What Postgres has for a table, as one text.</summary>
    private const string Found =
        """
        md5(concat_ws('|', c.relrowsecurity, c.relforcerowsecurity, (
            select string_agg(concat_ws('|', polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), '|' order by polname)
            from pg_policy where polrelid = c.oid)))
        """;

    private const string Tables =
        $"""
        select c.relname::text, coalesce(obj_description(c.oid, 'pg_class'), ''), {Found}
        from pg_class c where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p') and left(c.relname, 2) <> '__'
        """;

    private const string Table = $"select {Found} from pg_class c where c.oid = to_regclass(format('%I.%I', $1, $2))";

    private const string Drop =
        """
        select coalesce(string_agg(format('drop policy %I on %I.%I', polname, $1, $2), ';'), '')
        from pg_policy where polrelid = to_regclass(format('%I.%I', $1, $2))
        """;

    /// <summary>How many tables were set anew.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, schema.Migrator, cancellationToken);
        var there = await ReadAsync(admin, schema, cancellationToken);
        var wrong = there.Keys.Except(schema.Rules.Select(rule => rule.Table), StringComparer.Ordinal).Select(table => $"{schema.Name}.{table} has no rule")
            .Concat(schema.Rules.Where(rule => !there.ContainsKey(rule.Table)).Select(rule => $"{schema.Name}.{rule.Table} is not there")).ToList();
        if (wrong.Count > 0)
            throw new JobException($"Give each table exactly one rule in Database/Policies, so that row-level security knows it: {string.Join(", ", wrong)}.");

        var changed = 0;
        foreach (var rule in schema.Rules)
        {
            var (mark, found) = there[rule.Table];
            if (mark == MarkOf(schema, rule, found))
                continue;
            await SetAsync(admin, schema, rule, cancellationToken);
            changed++;
        }

        return changed;
    }

    private static async Task SetAsync(NpgsqlConnection admin, ServiceSchema schema, TableRule rule, CancellationToken cancellationToken)
    {
        // In one transaction: a service that runs meanwhile sees no moment without policies.
        await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
        if (await Sql.ScalarAsync<string>(admin, Drop, [schema.Name, rule.Table], cancellationToken) is { Length: > 0 } drops)
            await Sql.ExecuteAsync(admin, drops, [], cancellationToken);
        foreach (var statement in Statements(schema, rule))
            await Sql.ExecuteAsync(admin, statement, [], cancellationToken);
        var found = await Sql.ScalarAsync<string>(admin, Table, [schema.Name, rule.Table], cancellationToken);
        await Sql.ExecuteAsync(admin, "comment on table %I.%I is %L", [schema.Name, rule.Table, MarkOf(schema, rule, found)], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Names and conditions are constants of this project.
    private static IEnumerable<string> Statements(ServiceSchema schema, TableRule rule)
    {
        var table = $"{schema.Name}.{rule.Table}";
        if (rule.Open is not null)
        {
            yield return $"alter table {table} disable row level security, no force row level security";
            yield break;
        }

        yield return $"alter table {table} enable row level security, force row level security";
        yield return $"create policy app_reads on {table} for select to {schema.App} using ({rule.Read})";
        yield return $"create policy app_adds on {table} for insert to {schema.App} with check ({rule.Add})";
        yield return $"create policy app_changes on {table} for update to {schema.App} using ({rule.Change}) with check ({rule.Change})";
        yield return $"create policy app_removes on {table} for delete to {schema.App} using ({rule.Remove})";

        // Migrations and the seed; nobody logs in as the owner.
        yield return $"create policy owner_migrates on {table} to {schema.Migrator} using (true) with check (true)";
    }

    /// <summary>What is noted on the table: what it was told, and what Postgres made of that.</summary>
    private static string MarkOf(ServiceSchema schema, TableRule rule, string found)
        => $"Row-level security: {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(';', Statements(schema, rule)))))[..16]} {found}";

    private static async Task<Dictionary<string, (string Mark, string Found)>> ReadAsync(
        NpgsqlConnection admin, ServiceSchema schema, CancellationToken cancellationToken)
    {
        Dictionary<string, (string, string)> there = new(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(Tables, admin) { Parameters = { new() { Value = schema.Name } } };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            there.Add(rows.GetString(0), (rows.GetString(1), rows.GetString(2)));
        return there;
    }
}
