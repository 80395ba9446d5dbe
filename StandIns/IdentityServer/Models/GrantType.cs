namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Names of the grants.</summary>
internal static class GrantType
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";
}

/// <summary>The grants that a client may be given. There is no other: implicit, password and the like do not start.</summary>
public static class GrantTypes
{
    /// <summary>A code, exchanged with its proof key.</summary>
    public static ICollection<string> Code => [GrantType.AuthorizationCode];

    /// <summary>The client on its own behalf.</summary>
    public static ICollection<string> ClientCredentials => [GrantType.ClientCredentials];
}
