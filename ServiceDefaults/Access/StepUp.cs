using System.Globalization;
using System.Security.Claims;

namespace SecureShop.ServiceDefaults.Access;

/// <summary>
/// How strongly and how lately the caller must have shown who they are (RFC 9470): a session that lies open, or a token that was stolen, does
/// not do what is costly. A caller who has not is asked to sign in once more, and comes back with another token.
/// </summary>
/// <param name="Acr">The weakest <see cref="Access.Acr"/> that is enough.</param>
/// <param name="MaxAge">How long ago a factor may have been shown at most.</param>
public sealed record StepUp(string Acr, TimeSpan MaxAge)
{
    // How far the clock of whoever made the token may be ahead of this one.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>Whether the token of <paramref name="user"/> says so. One that says nothing of it, or two things, does not.</summary>
    public bool IsMetBy(ClaimsPrincipal user, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.Identity?.IsAuthenticated != true || Only(user, "acr") is not { } acr || !Access.Acr.Reaches(acr, Acr))
            return false;
        if (!long.TryParse(Only(user, "auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;

        var age = now.ToUnixTimeSeconds() - (decimal)seconds;
        return age <= (decimal)MaxAge.TotalSeconds && age >= -(decimal)ClockSkew.TotalSeconds;
    }

    private static string? Only(ClaimsPrincipal user, string type)
    {
        string? only = null;
        foreach (var claim in user.FindAll(type))
        {
            if (only is not null)
                return null;
            only = claim.Value;
        }

        return only;
    }
}
