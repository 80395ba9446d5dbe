using Microsoft.EntityFrameworkCore;

namespace SecureShop.Identity.Data;

internal static class Transactions
{
    /// <summary>
    /// Does <paramref name="work"/> in one transaction, and all of it again where the connection broke meanwhile. False undoes it.
    /// </summary>
    public static Task<bool> InTransactionAsync(this IdentityDbContext database, Func<Task<bool>> work, CancellationToken cancellationToken)
        => database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var done = await work();
            if (done)
                await transaction.CommitAsync(cancellationToken);
            return done;
        });
}
