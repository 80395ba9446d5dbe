namespace SecureShop.Identity.Tokens;

/// <summary>Where the protocol is spoken, and the pages that it sends people to. Both engines have the same addresses.</summary>
internal static class Paths
{
    public const string Configuration = "/.well-known/openid-configuration";

    /// <summary>The same document under the name of RFC 8414.</summary>
    public const string OAuthMetadata = "/.well-known/oauth-authorization-server";

    public const string Keys = "/.well-known/openid-configuration/jwks";
    public const string Authorize = "/connect/authorize";
    public const string Push = "/connect/par";
    public const string Token = "/connect/token";
    public const string Device = "/connect/deviceauthorization";
    public const string Introspect = "/connect/introspect";
    public const string Revoke = "/connect/revocation";
    public const string UserInfo = "/connect/userinfo";
    public const string EndSession = "/connect/endsession";

    public const string LoginPage = "/account/login";
    public const string ConsentPage = "/account/consent";
    public const string LogoutPage = "/account/logout";
    public const string DevicePage = "/account/device";
    public const string ErrorPage = "/error";
}

/// <summary>The grant by which the gateway exchanges an API key for a token (RFC 6749, 4.5).</summary>
internal static class ApiKeyGrantType
{
    public const string Name = "urn:secureshop:params:oauth:grant-type:api-key";

    /// <summary>The parameter that holds the key.</summary>
    public const string Parameter = "api_key";
}
