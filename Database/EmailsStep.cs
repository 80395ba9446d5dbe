using Npgsql;
using SecureShop.Identity.Data;

namespace SecureShop.Database;

/// <summary>Brings the accounts under today's form of e-mail addresses, as the role that owns them: what SQL cannot compute.</summary>
internal static class EmailsStep
{
    public static async Task<(int Changed, int Shared)> RunAsync(NpgsqlConnection admin, CancellationToken cancellationToken)
    {
        var identity = Schemas.All.Single(schema => schema.ContextType == typeof(IdentityDbContext));
        await using var role = await TakenRole.TakeAsync(admin, identity.Migrator, cancellationToken);
        await using var context = (IdentityDbContext)identity.OpenContext(admin);
        return await EmailNormalization.RunAsync(context, cancellationToken);
    }
}
