namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Asks for a user's claims, to go into a token or the userinfo answer.</summary>
/// <param name="subject">The user.</param>
/// <param name="requestedClaimTypes">The claim types that the granted scopes allow.</param>
public class ProfileDataRequestContext(ClaimsPrincipal subject, IEnumerable<string> requestedClaimTypes)
{
    /// <summary>The user.</summary>
    public ClaimsPrincipal Subject { get; } = subject;

    /// <summary>The claim types that the granted scopes allow.</summary>
    public IEnumerable<string> RequestedClaimTypes { get; } = requestedClaimTypes;

    /// <summary>The answer.</summary>
    public List<Claim> IssuedClaims { get; } = [];
}
