using System.Globalization;
using System.Security.Claims;

namespace SecureShop.StandIns.IdentityServer;

/// <summary>A user who has just proven who he is, for hosts that sign in without ASP.NET Core Identity.</summary>
public class IdentityServerUser
{
    /// <summary>The user of this identifier.</summary>
    public IdentityServerUser(string subjectId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subjectId);
        SubjectId = subjectId;
    }

    /// <summary>The identifier.</summary>
    public string SubjectId { get; }

    /// <summary>Name for people.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Who vouches for him.</summary>
    public string? IdentityProvider { get; set; }

    /// <summary>How he proved it (RFC 8176).</summary>
    public ICollection<string> AuthenticationMethods { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>When he did (UTC).</summary>
    public DateTime? AuthenticationTime { get; set; }

    /// <summary>More claims.</summary>
    public ICollection<Claim> AdditionalClaims { get; set; } = [];

    /// <summary>The principal for the cookie.</summary>
    public ClaimsPrincipal CreatePrincipal()
    {
        var identity = new ClaimsIdentity("IdentityServer", ClaimNames.Name, ClaimNames.Role);
        identity.AddClaim(new Claim(ClaimNames.Subject, SubjectId));
        if (!string.IsNullOrWhiteSpace(DisplayName))
            identity.AddClaim(new Claim(ClaimNames.Name, DisplayName));
        if (!string.IsNullOrWhiteSpace(IdentityProvider))
            identity.AddClaim(new Claim(ClaimNames.IdentityProvider, IdentityProvider));
        if (AuthenticationTime is { } time)
        {
            var seconds = new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeSeconds();
            identity.AddClaim(new Claim(ClaimNames.AuthenticationTime, seconds.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        }

        foreach (var method in AuthenticationMethods)
            identity.AddClaim(new Claim(ClaimNames.AuthenticationMethod, method));
        identity.AddClaims(AdditionalClaims);
        return new ClaimsPrincipal(identity);
    }
}
