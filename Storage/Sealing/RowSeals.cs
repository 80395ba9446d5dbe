using System.Security.Cryptography;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;

namespace SecureShop.Storage.Sealing;

/// <summary>Makes and opens the keys of rows that come with theirs.</summary>
internal sealed class RowSeals(MasterKeys masters, SecurityLog security, TimeProvider clock)
{
    /// <summary>A key for the person of a new row.</summary>
    public DataKey Make(ISealedRow row, string schema)
    {
        var owner = row.Row.ToString();
        Span<byte> made = stackalloc byte[Seal.KeyLength];
        RandomNumberGenerator.Fill(made);
        var key = new DataKey { OwnerId = owner, CreatedAt = clock.GetStoredNow() };
        key.Rewrap(masters.Wrap(made, schema, owner), masters.Current);
        CryptographicOperations.ZeroMemory(made);
        return key;
    }

    /// <summary>The seal of a row's person.</summary>
    /// <exception cref="BrokenSealException">The key is another's, was destroyed, or does not unwrap.</exception>
    public PersonalSeal Open(ISealedRow row, string schema)
    {
        var owner = row.Row.ToString();
        if (row.Key is not { Wrapped: { } wrapped, MasterKey: { } master } key || key.OwnerId != owner)
            throw Refuse(SealRefusal.Broken);
        if (!masters.Knows(master))
            throw Refuse(SealRefusal.MasterKey);
        var unwrapped = masters.Unwrap(wrapped, master, schema, owner) ?? throw Refuse(SealRefusal.Broken);
        var seal = new PersonalSeal(unwrapped, schema, owner, () => Refuse(SealRefusal.Broken));
        CryptographicOperations.ZeroMemory(unwrapped);
        return seal;

        BrokenSealException Refuse(string reason)
        {
            security.ForCurrentRequest().SealRefused(reason, owner);
            return new();
        }
    }
}
