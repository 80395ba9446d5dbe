using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>
/// Nonces of the server for DPoP proofs (RFC 9449, 8): a proof with one was not made before the nonce was, even if its maker can set the
/// client's clock. They say when they were made, in a form that only the server can make: any replica knows them, none remembers them.
/// </summary>
public abstract class DpopNonces(TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>A new one, for the header <c>DPoP-Nonce</c>.</summary>
    public string Create()
    {
        var now = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(now, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString(Close(now));
    }

    /// <summary>Whether <paramref name="nonce"/> is of this server and not too old.</summary>
    public bool IsFresh(string nonce)
    {
        try
        {
            if (Open(Base64Url.DecodeFromChars(nonce)) is not { Length: sizeof(long) } made)
                return false;
            var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(made));

            // Another replica's clock may be ahead.
            return age < Lifetime && age > -AccessTokenRules.ClockSkew;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Makes of a time what nobody else can make.</summary>
    protected abstract byte[] Close(byte[] made);

    /// <summary>The time in what came back; null, or a <see cref="CryptographicException"/>, where it was not made here.</summary>
    protected abstract byte[]? Open(byte[] nonce);
}

/// <summary>By the key ring, where replicas share one.</summary>
internal sealed class SealedNonces(IDataProtectionProvider protection, TimeProvider clock) : DpopNonces(clock)
{
    private readonly IDataProtector seal = protection.CreateProtector("SecureShop.Dpop.Nonce.v1");

    protected override byte[] Close(byte[] made) => seal.Protect(made);

    protected override byte[] Open(byte[] nonce) => seal.Unprotect(nonce);
}

/// <summary>By a secret of the configuration, where replicas share nothing else. A nonce hides nothing: that it is ours is all.</summary>
internal sealed class SignedNonces(byte[] secret, TimeProvider clock) : DpopNonces(clock)
{
    private readonly byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, HMACSHA256.HashSizeInBytes, info: "dpop nonce v1"u8.ToArray());

    protected override byte[] Close(byte[] made) => [.. made, .. HMACSHA256.HashData(key, made)];

    protected override byte[]? Open(byte[] nonce)
        => nonce.Length == sizeof(long) + HMACSHA256.HashSizeInBytes && nonce[..sizeof(long)] is var made
            && CryptographicOperations.FixedTimeEquals(nonce.AsSpan(sizeof(long)), HMACSHA256.HashData(key, made)) ? made : null;
}
