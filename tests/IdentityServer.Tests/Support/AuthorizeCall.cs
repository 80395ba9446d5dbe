using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace SecureShop.IdentityServer.Tests.Support;

/// <summary>A good authorize request of the mobile client; tests spoil it.</summary>
internal sealed record AuthorizeCall
{
    public string ClientId { get; init; } = "mobile";

    public string? ClientSecret { get; init; }

    public string RedirectUri { get; init; } = TestShop.Redirect;

    public string Scope { get; init; } = TestShop.AllScopes;

    public string Verifier { get; init; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>Parameters to set, or with null to leave out.</summary>
    public Dictionary<string, string?> Changes { get; init; } = new(StringComparer.Ordinal);

    public static AuthorizeCall Web { get; } = new()
    {
        ClientId = "web",
        ClientSecret = TestShop.WebSecret,
        RedirectUri = "https://web.test/signin",
        Scope = "openid offline_access catalog.read",
    };

    public AuthorizeCall With(string name, string? value) => this with { Changes = new(Changes, StringComparer.Ordinal) { [name] = value } };

    public Dictionary<string, string?> ToParameters()
    {
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = RedirectUri,
            ["response_type"] = "code",
            ["scope"] = Scope,
            ["state"] = "st&te",
            ["nonce"] = "the-nonce",
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in Changes)
        {
            if (value is null)
                parameters.Remove(name);
            else
                parameters[name] = value;
        }

        return parameters;
    }
}
