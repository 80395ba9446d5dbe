namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Names of the grants.</summary>
public static class GrantType
{
    /// <summary>Tokens through the browser; never served here.</summary>
    public const string Implicit = "implicit";

    /// <summary>Code and tokens through the browser; never served here.</summary>
    public const string Hybrid = "hybrid";

    /// <summary>A code, exchanged with its proof key.</summary>
    public const string AuthorizationCode = "authorization_code";

    /// <summary>The client on its own behalf.</summary>
    public const string ClientCredentials = "client_credentials";

    /// <summary>The user's password through the client; never served here.</summary>
    public const string ResourceOwnerPassword = "password";

    /// <summary>A device without a keyboard.</summary>
    public const string DeviceFlow = "urn:ietf:params:oauth:grant-type:device_code";

    /// <summary>A refresh token.</summary>
    public const string RefreshToken = "refresh_token";
}

/// <summary>The usual sets of grants.</summary>
public static class GrantTypes
{
    /// <summary>Code.</summary>
    public static ICollection<string> Code => [GrantType.AuthorizationCode];

    /// <summary>Code, and the client on its own behalf.</summary>
    public static ICollection<string> CodeAndClientCredentials => [GrantType.AuthorizationCode, GrantType.ClientCredentials];

    /// <summary>The client on its own behalf.</summary>
    public static ICollection<string> ClientCredentials => [GrantType.ClientCredentials];

    /// <summary>Named so that its refusal can be shown; the stand-in does not start with it.</summary>
    public static ICollection<string> Implicit => [GrantType.Implicit];

    /// <summary>Named so that its refusal can be shown; the stand-in does not start with it.</summary>
    public static ICollection<string> ResourceOwnerPassword => [GrantType.ResourceOwnerPassword];

    /// <summary>A device without a keyboard; the stand-in does not start with it.</summary>
    public static ICollection<string> DeviceFlow => [GrantType.DeviceFlow];
}
