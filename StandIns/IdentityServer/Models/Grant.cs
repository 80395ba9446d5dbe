namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>What a user let a client have.</summary>
public class Grant
{
    /// <summary>The user.</summary>
    public string SubjectId { get; set; } = default!;

    /// <summary>The client.</summary>
    public string ClientId { get; set; } = default!;

    /// <summary>A note.</summary>
    public string? Description { get; set; }

    /// <summary>The scopes.</summary>
    public IEnumerable<string> Scopes { get; set; } = default!;

    /// <summary>Since when (UTC).</summary>
    public DateTime CreationTime { get; set; }

    /// <summary>Until when (UTC).</summary>
    public DateTime? Expiration { get; set; }
}
