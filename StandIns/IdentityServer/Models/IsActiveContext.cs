namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Asks whether a user may still have tokens.</summary>
/// <param name="subject">The user.</param>
public class IsActiveContext(ClaimsPrincipal subject)
{
    /// <summary>The user.</summary>
    public ClaimsPrincipal Subject { get; } = subject;

    /// <summary>The answer.</summary>
    public bool IsActive { get; set; } = true;
}
