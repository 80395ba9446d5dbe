namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>An API: the audience of the tokens whose scopes it owns.</summary>
public class ApiResource : Resource
{
    /// <summary>An empty API.</summary>
    public ApiResource()
    {
    }

    /// <summary>An API that is shown by its name.</summary>
    public ApiResource(string name) => Describe(name, name, null);

    /// <summary>An API with a name for people.</summary>
    public ApiResource(string name, string displayName) => Describe(name, displayName, null);

    /// <summary>An API whose tokens carry claims of the user.</summary>
    public ApiResource(string name, IEnumerable<string> userClaims) => Describe(name, name, userClaims);

    /// <summary>An API with a name for people whose tokens carry claims of the user.</summary>
    public ApiResource(string name, string? displayName, IEnumerable<string>? userClaims) => Describe(name, displayName, userClaims);

    /// <summary>The scopes that belong to this API.</summary>
    public ICollection<string> Scopes { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Secrets of the API itself, for introspection; not used by the stand-in.</summary>
    public ICollection<Secret> ApiSecrets { get; set; } = new HashSet<Secret>();
}
