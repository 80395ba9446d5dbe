using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Testing;

/// <summary>
/// The forgeries that every hop must answer with 401. Each is a good token with one thing wrong, so that a check that
/// is missing shows up as the one row that passes.
/// </summary>
public static class ForgedTokens
{
    /// <summary>The names of the forgeries, for <c>[MemberData]</c>.</summary>
    public static IEnumerable<string> Names => Forgeries.Keys;

    /// <summary>The forgery <paramref name="name"/> of a token that would otherwise be let in.</summary>
    public static string Create(string name, string audience, string? subject = null, IEnumerable<string>? scopes = null, IEnumerable<string>? roles = null)
        => name == Tampered
            ? Tamper(TestTokens.Create(audience, subject, scopes, roles))
            : TestTokens.Create(audience, subject, scopes, roles, Forgeries[name]);

    private const string Tampered = "payload changed after signing";

    private static readonly ECDsa OtherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static readonly Dictionary<string, Action<TestToken>> Forgeries = new(StringComparer.Ordinal)
    {
        ["algorithm none"] = token => Unsigned(token, "none"),
        ["algorithm None, other case"] = token => Unsigned(token, "nOnE"),
        ["signature cut off"] = token => token.Sign = _ => [],
        ["signature all zero"] = token => token.Sign = _ => new byte[64],
        ["HS256 with the public key as secret"] = token => Symmetric(token, TestTokens.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public key's PEM as secret"] = token => Symmetric(token, Encoding.ASCII.GetBytes(TestTokens.Key.ExportSubjectPublicKeyInfoPem())),
        ["another key under the known id"] = token => token.Sign = input => OtherKey.SignData(input, HashAlgorithmName.SHA256),
        ["another key under its own id"] = token => OwnKey(token, header => header["kid"] = "attacker"),
        ["another key, brought along in the header"] = token => OwnKey(token, header => header["jwk"] = Jwk(OtherKey)),
        ["another key, at an address that the header names"] = token => OwnKey(token, header => header["jku"] = header["x5u"] = "https://attacker.example/keys"),
        ["no key id"] = token => token.Header.Remove("kid"),
        ["unknown critical header"] = token => token.Header["crit"] = new[] { "exp" },
        ["another audience"] = token => token.Claims["aud"] = "somewhere-else",
        ["no audience"] = token => token.Claims.Remove("aud"),
        ["another issuer"] = token => token.Claims["iss"] = "https://identity.example",
        ["issuer with a slash"] = token => token.Claims["iss"] = TestTokens.Issuer + "/",
        ["no issuer"] = token => token.Claims.Remove("iss"),
        ["an ID token's type"] = token => token.Header["typ"] = "JWT",
        ["no type"] = token => token.Header.Remove("typ"),
        ["expired"] = token => token.Claims["exp"] = Seconds(TimeSpan.FromMinutes(-1)),
        ["no expiry"] = token => token.Claims.Remove("exp"),
        ["not yet valid"] = token => token.Claims["nbf"] = Seconds(TimeSpan.FromMinutes(2)),
        [Tampered] = _ => { },
    };

    private static long Seconds(TimeSpan fromNow) => TimeProvider.System.GetUtcNow().Add(fromNow).ToUnixTimeSeconds();

    private static void Unsigned(TestToken token, string algorithm)
    {
        token.Header["alg"] = algorithm;
        token.Sign = _ => [];
    }

    private static void Symmetric(TestToken token, byte[] secret)
    {
        token.Header["alg"] = "HS256";
        token.Sign = input => HMACSHA256.HashData(secret, input);
    }

    private static void OwnKey(TestToken token, Action<Dictionary<string, object?>> header)
    {
        header(token.Header);
        token.Sign = input => OtherKey.SignData(input, HashAlgorithmName.SHA256);
    }

    private static Dictionary<string, string> Jwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new(StringComparer.Ordinal)
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string Tamper(string token)
    {
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        parts[1] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.Replace("test-client", "evil-client", StringComparison.Ordinal)));
        return string.Join('.', parts);
    }
}
