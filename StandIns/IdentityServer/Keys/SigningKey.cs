using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.StandIns.IdentityServer.Keys;

/// <summary>An ES256 key with its age.</summary>
internal sealed class SigningKey
{
    public const string Algorithm = SecurityAlgorithms.EcdsaSha256;

    public SigningKey(string id, DateTimeOffset created, ECDsa key)
    {
        Id = id;
        Created = created;
        Key = key;
        Credentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = id }, Algorithm);
    }

    public string Id { get; }

    public DateTimeOffset Created { get; }

    /// <summary>Whether its maker found it alone and all go by it; before that it is a proposal.</summary>
    public bool Stands { get; init; }

    public SigningCredentials Credentials { get; }

    private ECDsa Key { get; }

    public static SigningKey Create(DateTimeOffset now) =>
        new(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), now, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static SigningKey Import(string id, DateTimeOffset created, string pkcs8, bool stands)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
        return new SigningKey(id, created, key) { Stands = stands };
    }

    public string Export() => Convert.ToBase64String(Key.ExportPkcs8PrivateKey());

    /// <summary>What others may see: never more than the curve's point.</summary>
    public IReadOnlyDictionary<string, string> ToPublicJwk()
    {
        var point = Key.ExportParameters(includePrivateParameters: false).Q;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["kid"] = Id,
            ["alg"] = Algorithm,
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
