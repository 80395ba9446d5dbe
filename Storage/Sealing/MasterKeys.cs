using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// Wraps customers' keys. A master key's id is derived from the key itself, so that nobody can give one the number of another; it
/// stands with each key that it wrapped, and says nothing about the key.
/// </summary>
internal sealed class MasterKeys : IDisposable
{
    /// <summary>Of an id: 16 hexadecimal digits.</summary>
    public const int IdLength = 16;

    private readonly Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);

    public MasterKeys(IOptions<SealingOptions> options)
    {
        Span<byte> id = stackalloc byte[IdLength / 2];
        foreach (var text in options.Value.MasterKeys)
        {
            var master = SealingOptions.Read(text)!;
            Seal.Derive(master, "id of a master key", id);
            var key = GC.AllocateUninitializedArray<byte>(Seal.KeyLength, pinned: true);
            Seal.Derive(master, "wrapping of data keys", key);
            CryptographicOperations.ZeroMemory(master);
            var name = Convert.ToHexStringLower(id);
            keys.Add(name, key);
            Current ??= name;
        }
    }

    /// <summary>The id of the one that wraps.</summary>
    public string Current { get; } = null!;

    /// <summary>The ids of those that only unwrap.</summary>
    public IReadOnlyList<string> Earlier => [.. keys.Keys.Where(id => id != Current)];

    public bool Knows(string id) => keys.ContainsKey(id);

    /// <summary>Wraps a key by the current master key.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> key, string schema, string owner) => Seal.Close(keys[Current], key, Place(schema, owner, Current));

    /// <summary>The key; null for one that is another's or was changed.</summary>
    public byte[]? Unwrap(ReadOnlySpan<byte> wrapped, string id, string schema, string owner)
        => Seal.Open(keys[id], wrapped, Place(schema, owner, id)) is { Length: Seal.KeyLength } key ? key : null;

    public void Dispose()
    {
        foreach (var key in keys.Values)
            CryptographicOperations.ZeroMemory(key);
    }

    // The customer's key of one schema opens nothing in another, nor for another customer: rows that somebody swaps do not open.
    private static byte[] Place(string schema, string owner, string id) => Seal.Place("data key", schema, owner, id);
}
