using Microsoft.Extensions.Configuration;
using Npgsql;

namespace SecureShop.Database.Auditing;

/// <summary>The command <c>verify-audit</c>: whether anybody has changed the audit trail, and from which row on.</summary>
internal static class VerifyAudit
{
    public const string Command = "verify-audit";

    private const int Changed = 3;

    /// <summary>The exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, IConfiguration configuration, TimeProvider clock, TextWriter output, CancellationToken cancellationToken)
    {
        if (args is ["--help" or "-h" or "-?"])
        {
            await output.WriteLineAsync(VerifyAuditHelp.Text.AsMemory(), cancellationToken);
            return 0;
        }

        var options = VerifyAuditOptions.Parse(args, configuration);
        await using var admin = await AdminConnection.OpenAsync(new JobSettings(configuration).ConnectionString, clock, output, cancellationToken);
        var whole = true;
        foreach (var schema in options.Schemas)
            whole &= await RunAsync(admin, schema, options, output, cancellationToken);
        if (!options.WithCheckpoints)
            await output.WriteLineAsync("The ends of the chains were not looked at: without checkpoints, rows that were cut off there do not show.");
        if (whole)
            return 0;
        await output.WriteLineAsync("Keep this database as it is for whoever looks into it. The rows as they were are in the log and in backups; docs/database.md says how to go on.");
        return Changed;
    }

    // In one snapshot: the services go on writing meanwhile. As the schema's owner, which any administrator can take on.
    private static async Task<bool> RunAsync(NpgsqlConnection admin, ServiceSchema schema, VerifyAuditOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, schema.Migrator, cancellationToken);
        await using var transaction = await admin.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        if (!await Sql.ScalarAsync<bool>(admin, "select to_regclass(format('%I.%I', $1, 'audit_events')) is not null", [schema.Name], cancellationToken))
            return await ToldAsync($"{schema.Name}: CHANGED. There is no table audit_events.", false);

        var chain = await new ChainLook(admin, output).RunAsync(schema.Name, cancellationToken);
        if (chain.Fault is not null)
            return await ToldAsync($"{schema.Name}: CHANGED. In audit_events, {chain.Fault}.", false);
        if (!options.WithCheckpoints)
            return await ToldAsync($"{schema.Name}: {ChainLook.Number(chain.Rows)} rows, one chain.", true);

        var found = await new CheckpointLook(admin, options).RunAsync(schema.Name, chain.Rows, cancellationToken);
        return found.Fault is not null
            ? await ToldAsync($"{schema.Name}: CHANGED. In audit_events, {found.Fault}.", false)
            : await ToldAsync($"{schema.Name}: {ChainLook.Number(chain.Rows)} rows, one chain; {ChainLook.Number(found.Count)} checkpoints, the last on {found.At:u} at row {ChainLook.Number(found.Signed)}.", true);

        async Task<bool> ToldAsync(string what, bool whole)
        {
            await output.WriteLineAsync(what);
            return whole;
        }
    }
}
