namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What proves a client: a hashed shared secret, or a public key.</summary>
/// <param name="value">The hash (<see cref="HashExtensions.Sha256(string)"/>), or the key as JSON.</param>
/// <param name="expiration">When it stops working (UTC).</param>
public class Secret(string value, DateTime? expiration = null)
{
    /// <summary>The hash, or the key as JSON.</summary>
    public string Value { get; } = value;

    /// <summary>When it stops working (UTC).</summary>
    public DateTime? Expiration { get; } = expiration;

    /// <summary>One of <see cref="IdentityServerConstants.SecretTypes"/>.</summary>
    public string Type { get; set; } = IdentityServerConstants.SecretTypes.SharedSecret;
}
