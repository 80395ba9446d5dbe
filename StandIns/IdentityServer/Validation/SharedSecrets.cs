using System.Security.Cryptography;
using System.Text;

namespace SecureShop.StandIns.IdentityServer.Validation;

/// <summary>Compares a presented secret with hashed ones, in constant time.</summary>
internal sealed class SharedSecrets(TimeProvider clock)
{
    public bool Matches(IEnumerable<Secret> secrets, string presented)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        var now = clock.GetUtcNow().UtcDateTime;
        var found = false;
        foreach (var secret in secrets)
        {
            var stored = new byte[SHA256.HashSizeInBytes];
            if (secret.Type == IdentityServerConstants.SecretTypes.SharedSecret && !(secret.Expiration <= now)
                && Convert.TryFromBase64String(secret.Value, stored, out _))
                found |= CryptographicOperations.FixedTimeEquals(stored, hash);
        }

        return found;
    }
}
