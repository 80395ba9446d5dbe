namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What a client can ask for: identity data, an API, or a scope of one.</summary>
public abstract class Resource
{
    /// <summary>Whether it can be asked for.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The unique name.</summary>
    public string Name { get; set; } = default!;

    /// <summary>Name for people.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the discovery document lists it.</summary>
    public bool ShowInDiscoveryDocument { get; set; } = true;

    /// <summary>Types of the user's claims that come with it.</summary>
    public ICollection<string> UserClaims { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Anything else.</summary>
    public IDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private protected void Describe(string name, string? displayName, IEnumerable<string>? userClaims)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        DisplayName = displayName;
        foreach (var type in userClaims ?? [])
            UserClaims.Add(type);
    }
}
