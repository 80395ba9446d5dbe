using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Text;
using SecureShop.Storage.Sealing;

namespace SecureShop.Database;

/// <summary>
/// Seals accounts of before names and addresses were sealed, which SQL cannot, and removes the columns that had them in clear; then none
/// of this is there any more. A batch is a transaction: stopped, it goes on where it was. Of several accounts that are one address in its
/// normalised form, one gets it: who had it in that form already, else the oldest. The others are found by their own spelling alone.
/// </summary>
internal static class SealingStep
{
    private const int Batch = 500;
    private const string Waiting = "select id, unsealed_email, unsealed_normalized_email, unsealed_display_name from identity.users where unsealed_email is not null";

    /// <summary>How many were sealed, and how many of them share their address with another.</summary>
    public static async Task<(int Sealed, int Shared)> RunAsync(NpgsqlConnection admin, IConfiguration keys, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, "identity_migrator", cancellationToken);
        const string Exists = "select exists (select from pg_attribute where attrelid = 'identity.users'::regclass and attname = 'unsealed_email' and not attisdropped)";
        if (!await Sql.ScalarAsync<bool>(admin, Exists, [], cancellationToken))
            return default;
        var (done, shared) = (0, 0);
        if ((await ReadAsync(admin, $"{Waiting} limit 1", Guid.Empty, cancellationToken)).Count > 0)
        {
            await using var provider = IdentityAccess.Of(admin, keys, clock).BuildServiceProvider();
            (done, shared) = await SealAsync(admin, provider, cancellationToken);
        }

        await Sql.ExecuteAsync(
            admin, "alter table identity.users drop column unsealed_email, drop column unsealed_normalized_email, drop column unsealed_display_name", [], cancellationToken);

        // What was in clear is still in the table's files; once it is written anew it is not.
        if (done > 0)
            await Sql.ExecuteAsync(admin, "vacuum full identity.users", [], cancellationToken);
        return (done, shared);
    }

    private static async Task<(int Sealed, int Shared)> SealAsync(NpgsqlConnection admin, ServiceProvider provider, CancellationToken cancellationToken)
    {
        var hash = provider.GetRequiredService<LookupHash>();
        var (done, shared, last) = (0, 0, Guid.Empty);

        // First those that are in today's form.
        while (await ReadAsync(admin, $"{Waiting} and id > $1 order by id limit {Batch}", last, cancellationToken) is { Count: > 0 } rows)
        {
            last = rows[^1].Id;
            done += await InTransactionAsync(rows.FindAll(row => EmailAddress.Normalize(row.Email) == row.Normalized), row => Task.FromResult(hash.Of(row.Normalized)));
        }

        while (await ReadAsync(admin, $"{Waiting} order by created_at, id limit {Batch}", Guid.Empty, cancellationToken) is { Count: > 0 } rows)
            done += await InTransactionAsync(rows, FreeHashAsync);
        return (done, shared);

        async Task<string> FreeHashAsync(Row row)
        {
            var wanted = hash.Of(EmailAddress.Normalize(row.Email));
            if (!await Sql.ScalarAsync<bool>(admin, "select exists (select from identity.users where email_hash = $1)", [Convert.FromHexString(wanted)], cancellationToken))
                return wanted;
            shared++;
            return hash.Of(row.Normalized);
        }

        async Task<int> InTransactionAsync(List<Row> rows, Func<Row, Task<string>> hashOf)
        {
            await using var scope = provider.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            foreach (var row in rows)
            {
                var user = await database.Users.SingleAsync(one => one.Id == row.Id, cancellationToken);
                (user.Email, user.DisplayName, user.NormalizedEmail) = (row.Email, row.Name, await hashOf(row));
                await database.SaveChangesAsync(cancellationToken);
                await database.Database.ExecuteSqlAsync(
                    $"update identity.users set unsealed_email = null, unsealed_normalized_email = null, unsealed_display_name = null where id = {row.Id}", cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return rows.Count;
        }
    }

    private static async Task<List<Row>> ReadAsync(NpgsqlConnection admin, string text, Guid after, CancellationToken cancellationToken)
    {
        var found = new List<Row>();
#pragma warning disable CA2100 // The callers' constants.
        await using var command = new NpgsqlCommand(text, admin);
#pragma warning restore CA2100
        if (text.Contains("$1", StringComparison.Ordinal))
            command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return found;
    }

    private sealed record Row(Guid Id, string Email, string Normalized, string Name);
}
