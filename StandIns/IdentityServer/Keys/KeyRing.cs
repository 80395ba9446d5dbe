using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>The keys as this replica sees them for a while: one signs, all verify.</summary>
internal sealed class KeyRing(SigningKey signer, IReadOnlyList<SigningKey> all, DateTimeOffset goodUntil)
{
    public SigningKey Signer { get; } = signer;

    public IReadOnlyList<SigningKey> All { get; } = all;

    public DateTimeOffset GoodUntil { get; } = goodUntil;

    public IReadOnlyList<SecurityKey> VerificationKeys { get; } = all.Select(key => key.Credentials.Key).ToList();

    /// <summary>The JWKS document, written once.</summary>
    public byte[] Document { get; } = JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object>(StringComparer.Ordinal) { ["keys"] = all.Select(key => key.ToPublicJwk()).ToList() });
}
