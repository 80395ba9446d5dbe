using System.Globalization;
using System.Security.Principal;

namespace SecureShop.StandIns.IdentityServer.Extensions;

/// <summary>Reads the claims that the server itself sets.</summary>
internal static class PrincipalExtensions
{
    /// <summary>The user's identifier; throws where there is none, so that nobody goes on as nobody.</summary>
    public static string GetSubjectId(this IPrincipal principal) =>
        Find(principal, ClaimNames.Subject) ?? throw new InvalidOperationException("The principal has no sub claim.");

    /// <summary>When the user proved who he is, in seconds since 1970.</summary>
    public static long GetAuthenticationTimeEpoch(this IPrincipal principal) =>
        long.Parse(
            Find(principal, ClaimNames.AuthenticationTime) ?? throw new InvalidOperationException("The principal has no auth_time claim."),
            CultureInfo.InvariantCulture);

    /// <summary>Who vouches for the user.</summary>
    public static string GetIdentityProvider(this IPrincipal principal) =>
        Find(principal, ClaimNames.IdentityProvider) ?? throw new InvalidOperationException("The principal has no idp claim.");

    /// <summary>How the user proved who he is.</summary>
    public static IEnumerable<Claim> GetAuthenticationMethods(this IPrincipal principal) =>
        (principal.Identity as ClaimsIdentity)?.FindAll(ClaimNames.AuthenticationMethod) ?? [];

    private static string? Find(IPrincipal principal, string type) => (principal.Identity as ClaimsIdentity)?.FindFirst(type)?.Value;
}
