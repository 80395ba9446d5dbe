namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>A scope that stands for claims about the user.</summary>
public class IdentityResource : Resource
{
    /// <summary>An empty resource.</summary>
    public IdentityResource()
    {
    }

    /// <summary>A resource that is shown by its name.</summary>
    public IdentityResource(string name, IEnumerable<string> userClaims)
        : this(name, name, userClaims)
    {
    }

    /// <summary>A resource with a name for people.</summary>
    public IdentityResource(string name, string displayName, IEnumerable<string> userClaims)
    {
        Describe(name, displayName, userClaims);
        if (UserClaims.Count == 0)
            throw new ArgumentException("An identity resource stands for at least one claim.", nameof(userClaims));
    }

    /// <summary>Whether consent cannot leave it out.</summary>
    public bool Required { get; set; }

    /// <summary>Whether consent shows it strongly.</summary>
    public bool Emphasize { get; set; }
}
