namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What a client can ask for: identity data, an API, or a scope of one.</summary>
public abstract class Resource
{
    private protected Resource(string name, string displayName, IEnumerable<string> userClaims)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        DisplayName = displayName;
        UserClaims = userClaims.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The unique name.</summary>
    public string Name { get; }

    /// <summary>Name for people.</summary>
    public string DisplayName { get; }

    /// <summary>Whether the discovery document lists it.</summary>
    public bool ShowInDiscoveryDocument { get; set; } = true;

    /// <summary>Types of the user's claims that come with it.</summary>
    public IReadOnlyCollection<string> UserClaims { get; }
}

/// <summary>An API: the audience of the tokens whose scopes it owns.</summary>
/// <param name="name">The audience.</param>
/// <param name="displayName">Name for people.</param>
/// <param name="userClaims">Claims of the user that its tokens carry.</param>
public class ApiResource(string name, string displayName, IEnumerable<string> userClaims) : Resource(name, displayName, userClaims)
{
    /// <summary>The scopes that belong to this API.</summary>
    public ICollection<string> Scopes { get; set; } = [];
}

/// <summary>A part of an API that a token can open.</summary>
/// <param name="name">The scope.</param>
/// <param name="displayName">Name for people.</param>
public class ApiScope(string name, string displayName) : Resource(name, displayName, []);

/// <summary>A scope that stands for claims about the user.</summary>
/// <param name="name">The scope.</param>
/// <param name="displayName">Name for people.</param>
/// <param name="userClaims">Claims of the user that it brings.</param>
public class IdentityResource(string name, string displayName, IEnumerable<string> userClaims) : Resource(name, displayName, userClaims);

/// <summary>The scopes that OpenID Connect Core 5.4 defines.</summary>
public static class IdentityResources
{
    /// <summary>The subject; makes the request an OpenID Connect one.</summary>
    public class OpenId() : IdentityResource(IdentityServerConstants.StandardScopes.OpenId, "Your identifier", [ClaimNames.Subject]);
}
