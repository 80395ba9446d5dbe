namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>A part of an API that a token can open.</summary>
public class ApiScope : Resource
{
    /// <summary>An empty scope.</summary>
    public ApiScope()
    {
    }

    /// <summary>A scope that is shown by its name.</summary>
    public ApiScope(string name) => Describe(name, name, null);

    /// <summary>A scope with a name for people.</summary>
    public ApiScope(string name, string displayName) => Describe(name, displayName, null);

    /// <summary>A scope that brings claims of the user into the token.</summary>
    public ApiScope(string name, IEnumerable<string> userClaims) => Describe(name, name, userClaims);

    /// <summary>A scope with a name for people that brings claims of the user into the token.</summary>
    public ApiScope(string name, string displayName, IEnumerable<string>? userClaims) => Describe(name, displayName, userClaims);

    /// <summary>Whether consent cannot leave it out.</summary>
    public bool Required { get; set; }

    /// <summary>Whether consent shows it strongly.</summary>
    public bool Emphasize { get; set; }
}
