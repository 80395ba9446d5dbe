using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Storage.Sealing;

/// <summary>Where a sealed value stands. It opens there and nowhere else.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Row">The row's id.</param>
/// <param name="Field">The column's name.</param>
public readonly record struct SealedField(string Table, Guid Row, string Field);

/// <summary>A value was changed, moved, or wrapped by what is not there: nothing of it is given out. An event has said so.</summary>
public sealed class BrokenSealException() : Exception("A sealed value does not open.");

/// <summary>One person's seal, for as long as it is held; then its key is overwritten.</summary>
public sealed class PersonalSeal : IDisposable
{
    /// <summary>How many bytes longer than its text a sealed value is.</summary>
    public const int Overhead = Seal.Overhead;

    private readonly byte[] key = GC.AllocateUninitializedArray<byte>(Seal.KeyLength, pinned: true);
    private readonly byte[] sealing = GC.AllocateUninitializedArray<byte>(Seal.KeyLength, pinned: true);
    private readonly string schema;
    private readonly string owner;
    private readonly Action broken;

    internal PersonalSeal(ReadOnlySpan<byte> key, string schema, string owner, Action broken)
    {
        key.CopyTo(this.key);
        Seal.Derive(key, "sealing of values", sealing);
        (this.schema, this.owner, this.broken) = (schema, owner, broken);
    }

    /// <summary>Seals <paramref name="text"/> for its place; null stays null.</summary>
    public byte[]? Close(SealedField field, string? text) => text is null ? null : Seal.Close(sealing, Encoding.UTF8.GetBytes(text), Place(field));

    /// <summary>What was sealed for this place; null stays null.</summary>
    /// <exception cref="BrokenSealException">It does not open.</exception>
    public string? Open(SealedField field, byte[]? closed)
    {
        if (closed is null)
            return null;
        if (Seal.Open(sealing, closed, Place(field)) is { } text)
            return Encoding.UTF8.GetString(text);
        broken();
        throw new BrokenSealException();
    }

    /// <summary>
    /// A hash by which equal contents of this person are known, and nothing else: without the key nobody can try contents out, as they
    /// could with a plain hash of a phone number. It goes with the key.
    /// </summary>
    public byte[] Fingerprint(string purpose, string content)
    {
        Span<byte> hashing = stackalloc byte[Seal.KeyLength];
        Seal.Derive(key, $"fingerprint: {purpose}", hashing);
        var hash = HMACSHA256.HashData(hashing, Encoding.UTF8.GetBytes(content));
        CryptographicOperations.ZeroMemory(hashing);
        return hash;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(sealing);
    }

    private byte[] Place(SealedField field) => Seal.Place("value", schema, owner, field.Table, field.Row.ToString("N"), field.Field);
}
