using System.Buffers.Text;
using System.Security.Cryptography;

namespace SecureShop.Testing;

/// <summary>Access tokens as the identity server makes them, signed by a key of this test process.</summary>
public static class TestTokens
{
    /// <summary>The issuer that the tokens name.</summary>
    public const string Issuer = "https://localhost:7444";

    /// <summary>Where the public finds the APIs, in tests.</summary>
    public const string ShopOrigin = "https://localhost:7443";

    /// <summary>The name of <see cref="Key"/>.</summary>
    public const string KeyId = "test-key";

    /// <summary>The signing key, P-256. <see cref="TestIssuer"/> publishes its public half.</summary>
    public static ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A good token for five minutes from <paramref name="at"/> (a clock that stands still needs it: the present goes on without it), or a bad one where <paramref name="tweak"/> spoils it.</summary>
    public static string Create(
        string audience,
        string? subject = null,
        IEnumerable<string>? scopes = null,
        IEnumerable<string>? roles = null,
        Action<TestToken>? tweak = null,
        DateTimeOffset? at = null)
    {
        var now = at ?? TimeProvider.System.GetUtcNow();
        var token = new TestToken();
        token.Header["alg"] = "ES256";
        token.Header["typ"] = "at+jwt";
        token.Header["kid"] = KeyId;
        token.Claims["iss"] = Issuer;
        token.Claims["aud"] = audience;
        token.Claims["client_id"] = "test-client";
        token.Claims["jti"] = Guid.NewGuid().ToString("N");
        token.Claims["iat"] = token.Claims["nbf"] = now.ToUnixTimeSeconds();
        token.Claims["exp"] = now.AddMinutes(5).ToUnixTimeSeconds();
        if (subject is not null)
            token.Claims["sub"] = subject;
        if (scopes is not null)
            token.Claims["scope"] = string.Join(' ', scopes);
        if (roles is not null)
            token.Claims["role"] = roles.ToArray();
        tweak?.Invoke(token);
        return token.Write();
    }

    /// <summary>The JWKS document of <paramref name="keys"/>, by default of <see cref="Key"/> alone.</summary>
    public static object KeySet(params IEnumerable<(string Id, ECDsa Key)> keys)
        => new { keys = keys.DefaultIfEmpty((KeyId, Key)).Select(entry => PublicKey(entry.Item1, entry.Item2)).ToArray() };

    private static Dictionary<string, string> PublicKey(string id, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new(StringComparer.Ordinal)
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["crv"] = "P-256",
            ["kid"] = id,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }
}
