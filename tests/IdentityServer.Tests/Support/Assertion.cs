using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>A client assertion made by hand, so that it can be wrong in every way.</summary>
internal sealed record Assertion(DateTimeOffset Now)
{
    public Dictionary<string, object> Header { get; init; } = new(StringComparer.Ordinal) { ["alg"] = "ES256", ["typ"] = "JWT" };

    public Dictionary<string, object> Payload { get; init; } = new(StringComparer.Ordinal)
    {
        ["iss"] = "orders-service",
        ["sub"] = "orders-service",
        ["aud"] = TestShop.Issuer,
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["iat"] = Now.ToUnixTimeSeconds(),
        ["exp"] = Now.AddMinutes(1).ToUnixTimeSeconds(),
    };

    public Func<byte[], byte[]> Signature { get; init; } = data => TestShop.ServiceKey.SignData(data, HashAlgorithmName.SHA256);

    public Assertion With(string claim, object? value)
    {
        var payload = new Dictionary<string, object>(Payload, StringComparer.Ordinal);
        if (value is null)
            payload.Remove(claim);
        else
            payload[claim] = value;
        return this with { Payload = payload };
    }

    public Assertion WithHeader(string name, object value) => this with { Header = new(Header, StringComparer.Ordinal) { [name] = value } };

    public override string ToString()
    {
        var head = Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(Header)) + "." + Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(Payload));
        return head + "." + Base64UrlEncoder.Encode(Signature(Encoding.ASCII.GetBytes(head)));
    }
}
