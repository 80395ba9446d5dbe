using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace SecureShop.Storage.Data.Callers;

/// <summary>
/// Tells Postgres with each command for whom it is, so that the policies of its tables (docs/database.md) can repeat what the code says
/// of ownership. The settings hold for the command's own transaction and are over with it, however it ends: a pooled connection has
/// nothing left for its next user, and nothing has to be cleaned up.
/// </summary>
/// <remarks>
/// They travel in front of the command, in the same message to the server: up to its end the server takes both for one transaction, where
/// none is open, and it costs no way there and back. What changes are saved by counts the results by their place, and lets nothing stand
/// in front: there the settings go ahead on their own, in a transaction that is always opened then. Nothing is remembered from command
/// to command: a transaction that was rolled back to a savepoint, tried again, or goes on for another task is told anew. What asks for
/// a scalar, as EF Core does of itself alone, is not told, and asks for nobody.
/// </remarks>
/// <param name="guests">The task of requests whose caller is not known.</param>
internal sealed class CallerSettings(DatabaseTask? guests) : DbCommandInterceptor, ISaveChangesInterceptor
{
    private const string Statement
        = "select set_config('shop.subject', @shop_subject, true), set_config('shop.rights', @shop_rights, true), set_config('shop.task', @shop_task, true)";

    private const string Prefix = Statement + ";\n";

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (DatabaseCaller.Now(guests) is not { } caller)
            return result;
        if (IsSaving(eventData))
        {
            using var ahead = Ahead(command, caller);
            ahead.ExecuteNonQuery();
        }
        else
        {
            Prepend(command, caller);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (DatabaseCaller.Now(guests) is not { } caller)
            return result;
        if (IsSaving(eventData))
        {
            await using var ahead = Ahead(command, caller);
            await ahead.ExecuteNonQueryAsync(cancellationToken);
        }
        else
        {
            Prepend(command, caller);
        }

        return result;
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        // Past what the settings answered.
        if (IsPrepended(command))
            result.NextResult();
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (!IsPrepended(command))
            return result;
        try
        {
            await result.NextResultAsync(cancellationToken);
            return result;
        }
        catch
        {
            // Nobody else has it yet: the connection would wait for it to be read.
            await result.DisposeAsync();
            throw;
        }
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        if (DatabaseCaller.Now(guests) is { } caller)
            Prepend(command, caller);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(NonQueryExecuting(command, eventData, result));

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        InTransaction(eventData.Context);
        return result;
    }

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        InTransaction(eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static bool IsSaving(CommandEventData eventData) => eventData.CommandSource == CommandSource.SaveChanges;

    private static bool IsPrepended(DbCommand command) => command.CommandText.StartsWith(Prefix, StringComparison.Ordinal);

    // Also for a single statement, which would go without.
    private void InTransaction(DbContext? context)
    {
        if (context is not null && DatabaseCaller.Now(guests) is not null)
            context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    [SuppressMessage("Security", "CA2100", Justification = "A constant before a statement of EF Core's; the values are parameters.")]
    private static void Prepend(DbCommand command, DatabaseCaller caller)
    {
        command.CommandText = Prefix + command.CommandText;
        AddParameters(command, caller);
    }

    private static DbCommand Ahead(DbCommand command, DatabaseCaller caller)
    {
        var ahead = command.Connection!.CreateCommand();
        (ahead.CommandText, ahead.Transaction) = (Statement, command.Transaction);
        AddParameters(ahead, caller);
        return ahead;
    }

    private static void AddParameters(DbCommand command, DatabaseCaller caller)
    {
        command.Parameters.Add(new NpgsqlParameter<string>("shop_subject", caller.Subject));
        command.Parameters.Add(new NpgsqlParameter<string>("shop_rights", caller.Rights));
        command.Parameters.Add(new NpgsqlParameter<string>("shop_task", caller.Task));
    }
}
