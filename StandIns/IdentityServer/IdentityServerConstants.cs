namespace SecureShop.StandIns.IdentityServer;

/// <summary>Names that the server and its host share.</summary>
public static class IdentityServerConstants
{
    /// <summary>The identity provider of local accounts.</summary>
    public const string LocalIdentityProvider = "local";

    /// <summary>Kinds of credentials that a client presents.</summary>
    public static class ParsedSecretTypes
    {
        /// <summary>None: a public client.</summary>
        public const string NoSecret = "NoSecret";

        /// <summary>A shared secret.</summary>
        public const string SharedSecret = "SharedSecret";

        /// <summary>An assertion signed with the client's own key (RFC 7523).</summary>
        public const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    }

    /// <summary>Kinds of secrets that are configured for a client.</summary>
    public static class SecretTypes
    {
        /// <summary>A hashed shared secret.</summary>
        public const string SharedSecret = "SharedSecret";

        /// <summary>A public key as JSON.</summary>
        public const string JsonWebKey = "JWK";
    }

    /// <summary>The scopes that the protocols define.</summary>
    public static class StandardScopes
    {
        /// <summary>The subject.</summary>
        public const string OpenId = "openid";

        /// <summary>Name and other public data.</summary>
        public const string Profile = "profile";

        /// <summary>A refresh token.</summary>
        public const string OfflineAccess = "offline_access";
    }

    /// <summary>Kinds of persisted grants.</summary>
    public static class PersistedGrantTypes
    {
        /// <summary>A code.</summary>
        public const string AuthorizationCode = "authorization_code";

        /// <summary>A refresh token.</summary>
        public const string RefreshToken = "refresh_token";
    }

    /// <summary>Names of the endpoints in events.</summary>
    public static class EndpointNames
    {
        /// <summary>Authorize.</summary>
        public const string Authorize = "Authorize";

        /// <summary>Token.</summary>
        public const string Token = "Token";
    }

    /// <summary>Paths of the endpoints, without the leading slash.</summary>
    public static class ProtocolRoutePaths
    {
        /// <summary>Where a user's browser starts.</summary>
        public const string Authorize = "connect/authorize";

        /// <summary>Where the login page sends it back to.</summary>
        public const string AuthorizeCallback = Authorize + "/callback";

        /// <summary>The discovery document.</summary>
        public const string DiscoveryConfiguration = ".well-known/openid-configuration";

        /// <summary>The public keys.</summary>
        public const string DiscoveryWebKeys = DiscoveryConfiguration + "/jwks";

        /// <summary>Tokens.</summary>
        public const string Token = "connect/token";

        /// <summary>Revocation (RFC 7009).</summary>
        public const string Revocation = "connect/revocation";

        /// <summary>Claims about the user.</summary>
        public const string UserInfo = "connect/userinfo";

        /// <summary>Sign-out.</summary>
        public const string EndSession = "connect/endsession";
    }
}
