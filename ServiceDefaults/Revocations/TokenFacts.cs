using System.Buffers.Binary;
using Microsoft.IdentityModel.JsonWebTokens;

namespace SecureShop.ServiceDefaults.Revocations;

/// <summary>What a token can be revoked by, read once.</summary>
/// <param name="Id">Its <c>jti</c>.</param>
/// <param name="Session">The session that granted it.</param>
/// <param name="Family">The grant that it stems from.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="Key">The key that signed it.</param>
/// <param name="Made">When it was made, in milliseconds, by the second that it says.</param>
/// <param name="Began">When the grant began; of a token without one, or whose grant does not say, when it was made.</param>
internal sealed record TokenFacts(string? Id, string? Session, string? Family, string? Subject, string? Key, long Made, long Began)
{
    public static TokenFacts Of(JsonWebToken token)
    {
        // Each engine has a name of its own (docs/engines.md).
        var family = Find(token, "oi_au_id") ?? Find(token, "grant_id");

        // Of a grant, because a token that is made in the very moment in which its person's grants end would be younger than that, and one of
        // a grant that they give a moment later, in the same second, would not. Without any time it is as old as can be.
        var made = token.IssuedAt == DateTime.MinValue ? long.MinValue : new DateTimeOffset(token.IssuedAt).ToUnixTimeMilliseconds();
        return new(token.Id, Find(token, "sid"), family, token.Subject, token.Kid, made, BeginningOf(family) ?? made);
    }

    private static string? Find(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var value) ? value : null;

    // Ids of grants begin with their milliseconds (RFC 9562, 5.7).
    private static long? BeginningOf(string? family)
    {
        Span<byte> bytes = stackalloc byte[16];
        return Guid.TryParse(family, out var id) && id.Version == 7 && id.TryWriteBytes(bytes, bigEndian: true, out _)
            ? BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16 : null;
    }
}
