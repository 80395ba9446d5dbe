namespace SecureShop.StandIns.IdentityServer;

/// <summary>Claim types on the wire.</summary>
internal static class ClaimNames
{
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Role = "role";
    public const string Issuer = "iss";
    public const string Audience = "aud";
    public const string Expires = "exp";
    public const string IssuedAt = "iat";
    public const string NotBefore = "nbf";
    public const string JwtId = "jti";
    public const string ClientId = "client_id";
    public const string Scope = "scope";
    public const string SessionId = "sid";
    public const string AuthenticationTime = "auth_time";
    public const string AuthenticationMethod = "amr";
    public const string AuthenticationContext = "acr";
    public const string IdentityProvider = "idp";
    public const string Nonce = "nonce";
    public const string AccessTokenHash = "at_hash";
    public const string AuthorizedParty = "azp";
}

/// <summary>Error codes of RFC 6749, OpenID Connect Core and RFC 7009.</summary>
internal static class Errors
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";
    public const string UnauthorizedClient = "unauthorized_client";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string UnsupportedResponseType = "unsupported_response_type";
    public const string UnsupportedTokenType = "unsupported_token_type";
    public const string InvalidScope = "invalid_scope";
    public const string LoginRequired = "login_required";
    public const string RequestNotSupported = "request_not_supported";
    public const string RequestUriNotSupported = "request_uri_not_supported";
    public const string InvalidToken = "invalid_token";
    public const string InsufficientScope = "insufficient_scope";
}
