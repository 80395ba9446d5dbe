using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace SecureShop.Storage.Sealing;

/// <summary>
/// What sealed values are found by: HMAC-SHA256 under a key that is not in the database. A plain hash of an e-mail address can be tried
/// out by whoever has a copy, and so can one under a key that lies beside it.
/// </summary>
public sealed class LookupHash : IDisposable
{
    private readonly byte[] key = GC.AllocateUninitializedArray<byte>(Seal.KeyLength, pinned: true);

    internal LookupHash(IOptions<LookupOptions> options)
    {
        var given = SealingOptions.Read(options.Value.LookupKey)!;
        Seal.Derive(given, "lookup of e-mail addresses", key);
        CryptographicOperations.ZeroMemory(given);
    }

    /// <summary>Of an address in its normalised form, in hexadecimal digits.</summary>
    public string Of(string normalized) => Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(normalized)));

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}

/// <summary>In the section of <see cref="SealingOptions"/>: what sealed values are found by.</summary>
internal sealed record LookupOptions
{
    public const string Section = SealingOptions.Section;

    /// <summary>32 random bytes in Base64. It stays as it is: by another one nobody is found.</summary>
    public string LookupKey { get; init; } = "";

    internal sealed class Validator : IValidateOptions<LookupOptions>
    {
        public ValidateOptionsResult Validate(string? name, LookupOptions options)
        {
            if (SealingOptions.Read(options.LookupKey) is not { } key)
                return ValidateOptionsResult.Fail("Set Sealing__LookupKey to 32 random bytes in Base64, as 'openssl rand -base64 32' writes them.");
            CryptographicOperations.ZeroMemory(key);
            return ValidateOptionsResult.Success;
        }
    }
}
