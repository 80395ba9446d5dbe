using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.ServiceDefaults.Tokens;

/// <summary>
/// A proof (RFC 9449, 4.2) whose form and signature are right; whether it fits its request is for <see cref="DpopProofs"/>. Verified with
/// the platform's ECDsa: the token library would keep each caller's key in a cache, and parse more than is asked here.
/// </summary>
internal sealed record DpopProof(string Thumbprint, DpopClaims Claims)
{
    private const int MaxLength = 4096;
    private const int CoordinateLength = 32;

    /// <summary>Null where it is none.</summary>
    public static DpopProof? Read(string text)
    {
        // Bounded before anything is decoded.
        if (text.Length > MaxLength || text.Split('.') is not [var head, var body, var tail])
            return null;
        try
        {
            var header = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(head), DpopJson.Default.DpopHeader);
            if (header is null || !IsAccepted(header) || Point(header.Jwk!) is not { } point)
                return null;

            // A point off the curve throws: with such keys some implementations accept any signature.
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            var signed = Encoding.ASCII.GetBytes(text, 0, head.Length + 1 + body.Length);
            if (!key.VerifyData(signed, Base64Url.DecodeFromChars(tail), HashAlgorithmName.SHA256))
                return null;
            var claims = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(body), DpopJson.Default.DpopClaims);
            return claims is null ? null : new(ThumbprintOf(point), claims);
        }
        catch (Exception fault) when (fault is FormatException or JsonException or CryptographicException)
        {
            return null;
        }
    }

    private static bool IsAccepted(DpopHeader header)
        => header is { Typ: "dpop+jwt", Alg: SecurityAlgorithms.EcdsaSha256, Jwk: { Kty: "EC", Crv: "P-256" } key }

            // "crit" names extensions that must be understood (RFC 7515, 4.1.11), and we understand none.
            && header.Crit.ValueKind == JsonValueKind.Undefined

            // A private key that travels is no longer private: its owner has to notice.
            && key.D.ValueKind == JsonValueKind.Undefined;

    private static ECPoint? Point(DpopKey key)
    {
        var point = new ECPoint { X = Base64Url.DecodeFromChars(key.X), Y = Base64Url.DecodeFromChars(key.Y) };
        return point is { X.Length: CoordinateLength, Y.Length: CoordinateLength } ? point : null;
    }

    // Of the numbers and not of their text: the same key in another writing has the same thumbprint.
    private static string ThumbprintOf(ECPoint point)
    {
        var key = new JsonWebKey { Kty = "EC", Crv = "P-256", X = Base64Url.EncodeToString(point.X), Y = Base64Url.EncodeToString(point.Y) };
        return Base64Url.EncodeToString(key.ComputeJwkThumbprint());
    }
}

/// <summary>The header, as far as it is looked at. Other names of keys (<c>kid</c>, <c>jku</c>, <c>x5c</c>) are not: the key is in it.</summary>
internal sealed record DpopHeader(string? Typ, string? Alg, JsonElement Crit, DpopKey? Jwk);

/// <summary>The public key.</summary>
internal sealed record DpopKey(string? Kty, string? Crv, string? X, string? Y, JsonElement D);

/// <summary>What the proof says it is for.</summary>
/// <param name="Htm">The method.</param>
/// <param name="Htu">The address, without query and fragment.</param>
/// <param name="Iat">When it was made.</param>
/// <param name="Jti">Its id.</param>
/// <param name="Ath">The hash of the access token that it goes with.</param>
/// <param name="Nonce">The server's nonce.</param>
internal sealed record DpopClaims(string? Htm, string? Htu, double? Iat, string? Jti, string? Ath, string? Nonce);

// A member that comes twice is read differently by different readers.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(DpopHeader))]
[JsonSerializable(typeof(DpopClaims))]
internal sealed partial class DpopJson : JsonSerializerContext;
