using System.Security.Cryptography;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Sealing;

/// <summary>The seals of a service's customers: each has a key of their own, made when it is first needed.</summary>
public abstract class PersonalSeals
{
    /// <summary>The seal to close values of <paramref name="owner"/> by, with a new key where there is none; null for who was erased.</summary>
    /// <exception cref="BrokenSealException">The key does not unwrap.</exception>
    public abstract Task<PersonalSeal?> MakeAsync(string owner, CancellationToken cancellationToken);

    /// <summary>The seal that opens values of <paramref name="owner"/>; null where nothing of theirs is sealed, or no more.</summary>
    /// <exception cref="BrokenSealException">The key does not unwrap.</exception>
    public abstract Task<PersonalSeal?> FindAsync(string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the key of <paramref name="owner"/>: what is sealed by it, here and in every copy of the values, opens never again. Other
    /// replicas forget theirs within <see cref="KeyCache.Lifetime"/>.
    /// </summary>
    public abstract Task DestroyAsync(string owner, CancellationToken cancellationToken);
}

internal sealed class PersonalSeals<TContext>(IServiceScopeFactory scopes, MasterKeys masters, KeyCache cache, SecurityLog security, TimeProvider clock) : PersonalSeals
    where TContext : DbContext
{
    public override async Task<PersonalSeal?> MakeAsync(string owner, CancellationToken cancellationToken)
        => await FindAsync(owner, makes: true, cancellationToken);

    public override async Task<PersonalSeal?> FindAsync(string owner, CancellationToken cancellationToken)
        => await FindAsync(owner, makes: false, cancellationToken);

    public override async Task DestroyAsync(string owner, CancellationToken cancellationToken)
    {
        // Who asks for what is sealed is judged before; the key itself is nobody's to see.
        using var acting = DatabaseTask.Sealing.Begin();
        var destroyed = await scopes.WithDatabaseAsync((TContext database) => DataKey.DestroyAsync(database, owner, clock.GetStoredNow(), cancellationToken));
        cache.Remove(owner);
        if (destroyed > 0)
            security.ForCurrentRequest().DataKeyDestroyed(owner);
    }

    private async Task<PersonalSeal?> FindAsync(string owner, bool makes, CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Sealing.Begin();
        var key = new byte[Seal.KeyLength];
        var schema = "";
        try
        {
            (var isThere, schema) = await scopes.WithDatabaseAsync(async (TContext database) =>
            {
                var schema = database.Model.GetDefaultSchema()!;
                return (cache.TryCopy(owner, key) || await ReadAsync(database, owner, makes, key, schema, cancellationToken), schema);
            });
            return isThere ? new(key, schema, owner, () => Refuse(owner, SealRefusal.Broken)) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private async Task<bool> ReadAsync(TContext database, string owner, bool makes, byte[] key, string schema, CancellationToken cancellationToken)
    {
        var kept = await KeptAsync(database, owner, cancellationToken);
        if (kept is null && makes)
        {
            await InsertAsync(database, owner, schema, cancellationToken);
            kept = await KeptAsync(database, owner, cancellationToken);
        }

        if (kept is not { Wrapped: { } wrapped, MasterKey: { } master })
            return false;
        if (!masters.Knows(master))
            throw Refuse(owner, SealRefusal.MasterKey);
        if (masters.Unwrap(wrapped, master, schema, owner) is not { } unwrapped)
            throw Refuse(owner, SealRefusal.Broken);
        unwrapped.CopyTo(key, 0);
        CryptographicOperations.ZeroMemory(unwrapped);
        cache.Add(owner, key);
        return true;
    }

    private static Task<DataKey?> KeptAsync(TContext database, string owner, CancellationToken cancellationToken)
        => database.Set<DataKey>().AsNoTracking().SingleOrDefaultAsync(kept => kept.OwnerId == owner, cancellationToken);

    /// <summary>Of two that make the first key of one customer at once, one is kept, and both read that.</summary>
    private async Task InsertAsync(TContext database, string owner, string schema, CancellationToken cancellationToken)
    {
        var made = RandomNumberGenerator.GetBytes(Seal.KeyLength);
        var wrapped = masters.Wrap(made, schema, owner);
        CryptographicOperations.ZeroMemory(made);
        await database.Database.ExecuteSqlAsync(
            DataKey.Insert(
                database,
                " (owner_id, wrapped, master_key, created_at) values ({0}, {1}, {2}, {3}) on conflict (owner_id) do nothing",
                owner,
                wrapped,
                masters.Current,
                clock.GetStoredNow()),
            cancellationToken);
    }

    private BrokenSealException Refuse(string owner, string reason)
    {
        security.ForCurrentRequest().SealRefused(reason, owner);
        return new();
    }
}
