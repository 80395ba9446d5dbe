using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>
/// Nonces of the server for DPoP proofs (RFC 9449, 8): a proof with one was not made before the nonce was, even if its maker can set the
/// client's clock. Sealed with the key ring, so that any replica that shares it knows them and none has to remember them.
/// </summary>
public sealed class DpopNonces(IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly IDataProtector seal = protection.CreateProtector("SecureShop.Dpop.Nonce.v1");

    /// <summary>A new one, for the header <c>DPoP-Nonce</c>.</summary>
    public string Create()
    {
        var now = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(now, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString(seal.Protect(now));
    }

    /// <summary>Whether <paramref name="nonce"/> is of this server and not too old.</summary>
    public bool IsFresh(string nonce)
    {
        try
        {
            var made = BinaryPrimitives.ReadInt64BigEndian(seal.Unprotect(Base64Url.DecodeFromChars(nonce)));
            var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(made);

            // Another replica's clock may be ahead.
            return age < Lifetime && age > -AccessTokenRules.ClockSkew;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
