using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Testing;

/// <summary>A client with a key, that makes DPoP proofs.</summary>
public sealed class TestProver : IDisposable
{
    /// <summary>Its key.</summary>
    public ECDsa Key { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>By RFC 7638, 3: the required members, in order and without spaces.</summary>
    public string Thumbprint
    {
        get
        {
            var key = Jwk();
            var text = $$"""{"crv":"P-256","kty":"EC","x":"{{key["x"]}}","y":"{{key["y"]}}"}""";
            return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
    }

    /// <summary>A good proof, for a test to spoil one thing of.</summary>
    public TestToken Prove(string method, string address, DateTimeOffset now, string? token = null)
    {
        var proof = new TestToken { Sign = input => Key.SignData(input, HashAlgorithmName.SHA256) };
        (proof.Header["typ"], proof.Header["alg"], proof.Header["jwk"]) = ("dpop+jwt", "ES256", Jwk());
        (proof.Claims["htm"], proof.Claims["htu"]) = (method, address);
        (proof.Claims["iat"], proof.Claims["jti"]) = (now.ToUnixTimeSeconds(), Guid.NewGuid().ToString("N"));
        if (token is not null)
            proof.Claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        return proof;
    }

    /// <summary>The public key, as a proof carries it.</summary>
    public Dictionary<string, object?> Jwk()
    {
        var point = Key.ExportParameters(includePrivateParameters: false).Q;
        return new(StringComparer.Ordinal)
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
