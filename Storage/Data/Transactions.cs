namespace SecureShop.Storage.Data;

/// <summary>Work that is done whole or not at all, and again where the connection broke meanwhile.</summary>
public static class Transactions
{
    /// <summary>Does <paramref name="work"/> in one transaction; a result that <paramref name="commits"/> says no to undoes it.</summary>
    public static Task<T> InTransactionAsync<T>(this DbContext database, Func<Task<T>> work, Func<T, bool> commits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.TransactAsync(
            () =>
            {
                database.ChangeTracker.Clear();
                return work();
            },
            commits,
            cancellationToken);
    }

    /// <summary>Does <paramref name="work"/> in one transaction; false undoes it.</summary>
    public static Task<bool> InTransactionAsync(this DbContext database, Func<Task<bool>> work, CancellationToken cancellationToken)
        => database.InTransactionAsync(work, done => done, cancellationToken);

    /// <summary>Does <paramref name="work"/> as part of the caller's transaction, or where there is none in one of its own.</summary>
    public static Task<T> AtOnceAsync<T>(this DbContext database, Func<Task<T>> work, CancellationToken cancellationToken)
        => database.AtOnceAsync(work, _ => true, cancellationToken);

    /// <summary>The same; false undoes it, where the transaction is its own.</summary>
    public static Task<bool> AtOnceAsync(this DbContext database, Func<Task<bool>> work, CancellationToken cancellationToken)
        => database.AtOnceAsync(work, done => done, cancellationToken);

    /// <summary>Does <paramref name="work"/> in a transaction of its own, one replica at a time.</summary>
    /// <param name="database">Of a scope that holds nothing else.</param>
    /// <param name="key">Any number that is used for nothing else in this database.</param>
    /// <param name="work">Sees what those before it have committed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<bool> UnderLockAsync(this DbContext database, long key, Func<Task> work, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async () =>
            {
                await database.LockAsync(key, cancellationToken);
                await work();
                return true;
            },
            cancellationToken);

    /// <summary>Waits until nobody else holds <paramref name="key"/>, and holds it to the end of the transaction.</summary>
    public static Task LockAsync(this DbContext database, long key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({key})", cancellationToken);
    }

    /// <summary>Does <paramref name="work"/> with a context of its own, outside of any request.</summary>
    public static async Task<T> WithDatabaseAsync<TContext, T>(this IServiceScopeFactory scopes, Func<TContext, Task<T>> work)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(work);
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TContext>());
    }

    private static Task<T> AtOnceAsync<T>(this DbContext database, Func<Task<T>> work, Func<T, bool> commits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(work);
        return database.Database.CurrentTransaction is not null ? work() : database.TransactAsync(work, commits, cancellationToken);
    }

    private static Task<T> TransactAsync<T>(this DbContext database, Func<Task<T>> work, Func<T, bool> commits, CancellationToken cancellationToken)
        => database.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await database.Database.BeginTransactionAsync(token);

                // Nobody goes on in a transaction after a save in it has failed: it is undone as a whole, and none of its saves needs a point to go back to.
                database.Database.AutoSavepointsEnabled = false;
                var result = await work();
                if (commits(result))
                    await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
}
