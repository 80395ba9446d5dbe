using System.Security.Cryptography;
using System.Text;
using SecureShop.StandIns.IdentityServer.Models;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>Compares a presented secret with hashed ones, in constant time.</summary>
internal sealed class SharedSecrets(TimeProvider clock)
{
    public bool Matches(IEnumerable<Secret> secrets, ParsedSecret presented)
    {
        if (presented.Credential is not string text)
            return false;

        var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        var sha512 = SHA512.HashData(Encoding.UTF8.GetBytes(text));
        var now = clock.GetUtcNow().UtcDateTime;
        var found = false;
        foreach (var secret in secrets)
        {
            if (secret.Type != IdentityServerConstants.SecretTypes.SharedSecret || secret.Expiration <= now)
                continue;
            var stored = new byte[SHA512.HashSizeInBytes];
            if (!Convert.TryFromBase64String(secret.Value, stored, out var length))
                continue;
            found |= CryptographicOperations.FixedTimeEquals(stored.AsSpan(0, length), length == SHA256.HashSizeInBytes ? sha256 : sha512);
        }

        return found;
    }
}
