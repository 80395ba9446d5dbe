using System.Security.Claims;
using SecureShop.StandIns.IdentityServer.Validation;

namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>Asks for a user's claims, to go into a token or the userinfo answer.</summary>
public class ProfileDataRequestContext
{
    /// <summary>An empty question.</summary>
    public ProfileDataRequestContext()
    {
    }

    /// <summary>A question about a user for a client.</summary>
    public ProfileDataRequestContext(ClaimsPrincipal subject, Client client, string caller, IEnumerable<string> requestedClaimTypes)
    {
        Subject = subject ?? throw new ArgumentNullException(nameof(subject));
        Client = client ?? throw new ArgumentNullException(nameof(client));
        Caller = caller ?? throw new ArgumentNullException(nameof(caller));
        RequestedClaimTypes = requestedClaimTypes ?? throw new ArgumentNullException(nameof(requestedClaimTypes));
    }

    /// <summary>The request that led here.</summary>
    public ValidatedRequest ValidatedRequest { get; set; } = default!;

    /// <summary>The user.</summary>
    public ClaimsPrincipal Subject { get; set; } = default!;

    /// <summary>The claim types that the granted scopes allow.</summary>
    public IEnumerable<string> RequestedClaimTypes { get; set; } = [];

    /// <summary>The client.</summary>
    public Client Client { get; set; } = default!;

    /// <summary>One of <see cref="IdentityServerConstants.ProfileDataCallers"/>.</summary>
    public string Caller { get; set; } = default!;

    /// <summary>What was granted.</summary>
    public ResourceValidationResult RequestedResources { get; set; } = default!;

    /// <summary>The answer.</summary>
    public List<Claim> IssuedClaims { get; set; } = [];
}

/// <summary>Helps to answer with no more than was asked.</summary>
public static class ProfileDataRequestContextExtensions
{
    /// <summary>Those claims that were asked for.</summary>
    public static List<Claim> FilterClaims(this ProfileDataRequestContext context, IEnumerable<Claim> claims)
    {
        ArgumentNullException.ThrowIfNull(context);
        var requested = context.RequestedClaimTypes.ToHashSet(StringComparer.Ordinal);
        return claims.Where(claim => requested.Contains(claim.Type)).ToList();
    }

    /// <summary>Answers with those claims that were asked for.</summary>
    public static void AddRequestedClaims(this ProfileDataRequestContext context, IEnumerable<Claim> claims) =>
        context.IssuedClaims.AddRange(context.FilterClaims(claims));
}
