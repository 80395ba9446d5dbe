using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Identity.Data;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Database;

/// <summary>
/// Brings accounts from before addresses were normalised under today's form. Of several that are one address today the oldest gets
/// it, unless another has it already; the others keep their own spelling and can be signed in to by that alone. Safe to run again.
/// </summary>
public static class EmailNormalization
{
    /// <summary>How many accounts were brought under the form, and how many share their address with another.</summary>
    public static async Task<(int Changed, int Shared)> RunAsync(IdentityDbContext database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);

        // ASCII was in this form before.
        var accounts = await database.Users
            .FromSql($"select * from identity.users where octet_length(email) > char_length(email)")
            .OrderBy(user => user.CreatedAt).ThenBy(user => user.Id)
            .Select(user => new { user.Id, user.Email, user.NormalizedEmail })
            .ToListAsync(cancellationToken);

        var (changed, shared) = (0, 0);
        foreach (var account in accounts)
        {
            var normalized = EmailAddress.Normalize(account.Email!);
            if (normalized == account.NormalizedEmail)
                continue;
            if (normalized.Length <= EmailAddress.MaxLength && await TryRenameAsync(database, account.Id, normalized, cancellationToken))
                changed++;
            else
                shared++;
        }

        return (changed, shared);
    }

    private static async Task<bool> TryRenameAsync(IdentityDbContext database, Guid id, string normalized, CancellationToken cancellationToken)
    {
        try
        {
            return await database.Users.Where(user => user.Id == id && !database.Users.Any(other => other.NormalizedEmail == normalized))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(user => user.NormalizedEmail, normalized).SetProperty(user => user.NormalizedUserName, normalized),
                    cancellationToken) == 1;
        }
        catch (PostgresException race) when (race.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Somebody registered the address in this moment.
            return false;
        }
    }
}
