using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SecureShop.Storage.Data;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// The key that one person's values are sealed by, wrapped by a master key. Once it is destroyed the row stays and has none: for
/// somebody who was erased there is never a key again, whatever comes late.
/// </summary>
public sealed class DataKey
{
    internal const int OwnerLength = 64;

    /// <summary>Whose: a subject id.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The key, wrapped.</summary>
    public byte[]? Wrapped { get; private set; }

    /// <summary>The id of the master key that wrapped it.</summary>
    public string? MasterKey { get; private set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was destroyed.</summary>
    public DateTimeOffset? DestroyedAt { get; private set; }

    /// <summary>
    /// Destroys the key of <paramref name="owner"/>, in the caller's transaction if there is one: what is sealed by it, here and in every copy
    /// of the values, opens never again.
    /// </summary>
    /// <returns>How many were destroyed now.</returns>
    public static Task<int> DestroyAsync(DbContext database, string owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.Database.ExecuteSqlAsync(
            Insert(
                database,
                """
                 (owner_id, created_at, destroyed_at) values ({0}, {1}, {1})
                on conflict (owner_id) do update set wrapped = null, master_key = null, destroyed_at = excluded.destroyed_at
                where data_keys.destroyed_at is null
                """,
                owner,
                now),
            cancellationToken);
    }

    /// <summary>Removes the keys of those of <paramref name="owners"/> of whom there is no <typeparamref name="TRow"/> any more. Their ids never come back.</summary>
    public static Task<int> RemoveAsync<TRow>(DbContext database, IReadOnlyCollection<Guid> owners, CancellationToken cancellationToken)
        where TRow : class, ISealedRow
    {
        ArgumentNullException.ThrowIfNull(database);
        var ids = owners.Select(id => id.ToString()).ToList();
        return database.Set<DataKey>().Where(key => ids.Contains(key.OwnerId) && !database.Set<TRow>().Any(row => EF.Property<string>(row, "KeyOwner") == key.OwnerId))
            .ExecuteDeleteAsync(cancellationToken);
    }

    // The model's own name of the table is all that is put into the text.
    internal static FormattableString Insert(DbContext database, string rest, params object[] values)
        => FormattableStringFactory.Create($"insert into {database.TableOf<DataKey>()}{rest}", values);

    internal void Rewrap(byte[] wrapped, string masterKey) => (Wrapped, MasterKey) = (wrapped, masterKey);
}

/// <summary>Table <c>data_keys</c> of a service's schema.</summary>
internal sealed class DataKeyMapping : IEntityTypeConfiguration<DataKey>
{
    public void Configure(EntityTypeBuilder<DataKey> builder)
    {
        builder.ToTable("data_keys", table =>
        {
            table.HasCheckConstraint("ck_data_keys_destroyed", "(wrapped is null) = (destroyed_at is not null) and (wrapped is null) = (master_key is null)");
            table.HasCheckConstraint("ck_data_keys_wrapped", $"octet_length(wrapped) = {Seal.KeyLength + Seal.Overhead}");
        });
        builder.HasKey(key => key.OwnerId);
        builder.Property(key => key.OwnerId).HasMaxLength(DataKey.OwnerLength);
        builder.Property(key => key.MasterKey).HasMaxLength(MasterKeys.IdLength);
        builder.HasIndex(key => new { key.MasterKey, key.OwnerId }).HasDatabaseName("ix_data_keys_master_key");
    }
}
