namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>A signing key as a store keeps it.</summary>
public class SerializedKey
{
    /// <summary>Version of the format of <see cref="Data"/>.</summary>
    public int Version { get; set; }

    /// <summary>The key's identifier (<c>kid</c>).</summary>
    public string Id { get; set; } = default!;

    /// <summary>When it was made (UTC).</summary>
    public DateTime Created { get; set; }

    /// <summary>The algorithm it signs with.</summary>
    public string Algorithm { get; set; } = default!;

    /// <summary>Whether the data is a certificate; always false here.</summary>
    public bool IsX509Certificate { get; set; }

    /// <summary>The key.</summary>
    public string Data { get; set; } = default!;

    /// <summary>Whether <see cref="Data"/> is sealed by data protection.</summary>
    public bool DataProtected { get; set; }
}
