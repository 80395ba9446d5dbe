namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>The credential that a client presented.</summary>
public class ParsedSecret
{
    /// <summary>The client's identifier.</summary>
    public string Id { get; set; } = default!;

    /// <summary>The secret or assertion.</summary>
    public object? Credential { get; set; }

    /// <summary>One of <see cref="IdentityServerConstants.ParsedSecretTypes"/>.</summary>
    public string Type { get; set; } = default!;
}
