namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>A set of resources.</summary>
public class Resources
{
    /// <summary>An empty set.</summary>
    public Resources()
        : this(null, null, null)
    {
    }

    /// <summary>A set of these.</summary>
    public Resources(IEnumerable<IdentityResource>? identityResources, IEnumerable<ApiResource>? apiResources, IEnumerable<ApiScope>? apiScopes)
    {
        IdentityResources = identityResources?.ToHashSet() ?? [];
        ApiResources = apiResources?.ToHashSet() ?? [];
        ApiScopes = apiScopes?.ToHashSet() ?? [];
    }

    /// <summary>Whether refresh tokens are included.</summary>
    public bool OfflineAccess { get; set; }

    /// <summary>Identity data.</summary>
    public ICollection<IdentityResource> IdentityResources { get; set; }

    /// <summary>APIs.</summary>
    public ICollection<ApiResource> ApiResources { get; set; }

    /// <summary>Scopes of APIs.</summary>
    public ICollection<ApiScope> ApiScopes { get; set; }
}
