using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace SecureShop.StandIns.IdentityServer.Sessions;

/// <summary>
/// Carries messages to the host's pages inside a sealed parameter: nothing to store, the same on every replica, and nobody can
/// put words of his own onto the error page (phishing by link).
/// </summary>
internal sealed class SealedMessages(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private const int LongestMessage = 8000;

    public string Seal<T>(T message) => Protector<T>().Protect(JsonSerializer.Serialize(message), Lifetime);

    public T? Open<T>(string? message)
        where T : class
    {
        if (string.IsNullOrEmpty(message) || message.Length > LongestMessage)
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(Protector<T>().Unprotect(message));
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            // Forged, expired or cut short: as if there were none.
            return null;
        }
    }

    private ITimeLimitedDataProtector Protector<T>() =>
        protection.CreateProtector("SecureShop.StandIns.IdentityServer.Message", typeof(T).Name).ToTimeLimitedDataProtector();
}
