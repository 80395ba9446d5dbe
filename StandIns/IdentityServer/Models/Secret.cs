namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What proves a client: a hashed shared secret, or a public key.</summary>
public class Secret
{
    /// <summary>An empty shared secret.</summary>
    public Secret() => Type = IdentityServerConstants.SecretTypes.SharedSecret;

    /// <summary>A shared secret, already hashed (<see cref="HashExtensions.Sha256(string)"/>).</summary>
    public Secret(string value, DateTime? expiration = null)
        : this()
    {
        Value = value;
        Expiration = expiration;
    }

    /// <summary>A shared secret, already hashed, with a note.</summary>
    public Secret(string value, string description, DateTime? expiration = null)
        : this(value, expiration) => Description = description;

    /// <summary>A note.</summary>
    public string? Description { get; set; }

    /// <summary>The hash, or the key as JSON.</summary>
    public string Value { get; set; } = default!;

    /// <summary>When it stops working (UTC).</summary>
    public DateTime? Expiration { get; set; }

    /// <summary>One of <see cref="IdentityServerConstants.SecretTypes"/>.</summary>
    public string Type { get; set; }
}
