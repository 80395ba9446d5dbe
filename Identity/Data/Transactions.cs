namespace SecureShop.Identity.Data;

internal static class Transactions
{
    /// <summary>
    /// Does <paramref name="work"/> in one transaction, and all of it again where the connection broke meanwhile. False undoes it.
    /// </summary>
    public static Task<bool> InTransactionAsync(this IdentityDbContext database, Func<Task<bool>> work, CancellationToken cancellationToken)
        => database.TransactAsync(
            () =>
            {
                database.ChangeTracker.Clear();
                return work();
            },
            done => done,
            cancellationToken);

    /// <summary>Does <paramref name="work"/> as part of the caller's transaction, or where there is none in one of its own.</summary>
    public static Task<T> AtOnceAsync<T>(this IdentityDbContext database, Func<Task<T>> work, CancellationToken cancellationToken)
        => database.Database.CurrentTransaction is not null ? work() : database.TransactAsync(work, _ => true, cancellationToken);

    /// <summary>Does <paramref name="work"/> in a transaction of its own, one replica at a time.</summary>
    /// <param name="database">Of a scope that holds nothing else.</param>
    /// <param name="key">Any number that is used for nothing else in this database.</param>
    /// <param name="work">Sees what those before it have committed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<bool> UnderLockAsync(this IdentityDbContext database, long key, Func<Task> work, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async () =>
            {
                await database.LockAsync(key, cancellationToken);
                await work();
                return true;
            },
            cancellationToken);

    /// <summary>Waits until nobody else holds <paramref name="key"/>, and holds it to the end of the transaction.</summary>
    public static Task LockAsync(this IdentityDbContext database, long key, CancellationToken cancellationToken)
        => database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);

    /// <summary>Does <paramref name="work"/> with a context of its own, outside of any request.</summary>
    public static async Task<T> WithDatabaseAsync<T>(this IServiceScopeFactory scopes, Func<IdentityDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<IdentityDbContext>());
    }

    private static Task<T> TransactAsync<T>(this IdentityDbContext database, Func<Task<T>> work, Func<T, bool> isDone, CancellationToken cancellationToken)
        => database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var result = await work();
            if (isDone(result))
                await transaction.CommitAsync(cancellationToken);
            return result;
        });
}
