namespace SecureShop.Identity.Sessions;

/// <summary>What somebody has shown, in the words of RFC 8176 (<c>amr</c>).</summary>
internal static class Amr
{
    public const string Password = "pwd";
    public const string OneTimePassword = "otp";

    /// <summary>A key that this person's device holds: a passkey.</summary>
    public const string Key = "pop";

    /// <summary>A recovery code, of which RFC 8176 has no word.</summary>
    public const string RecoveryCode = "recovery";

    /// <summary>Several factors.</summary>
    public const string Multiple = "mfa";
}

/// <summary>
/// Who is signed in, in the session (<c>sid</c>) that tokens name and sign-out ends; when a factor was last shown (<c>auth_time</c>), in whole
/// milliseconds, and what was shown (<see cref="Amr"/>). Roles are not in it: they are read when a token is made.
/// </summary>
internal sealed record ShopSession(string Subject, string Id, DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Methods)
{
    public string Acr => Methods.Contains(Amr.Multiple, StringComparer.Ordinal) ? ServiceDefaults.Access.Acr.MultiFactor : ServiceDefaults.Access.Acr.SingleFactor;

    /// <summary>The session of a cookie's principal, or null where nobody is signed in.</summary>
    public static ShopSession? Of(ClaimsPrincipal? user)
        => user?.Identity is { IsAuthenticated: true }
            && user.FindFirst(ShopClaims.Subject)?.Value is { Length: > 0 } subject
            && user.FindFirst(ShopClaims.Session)?.Value is { Length: > 0 } id
            && long.TryParse(user.FindFirst(ShopClaims.AuthenticationInstant)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new(subject, id, DateTimeOffset.FromUnixTimeMilliseconds(at), [.. user.FindAll(ShopClaims.AuthenticationMethod).Select(claim => claim.Value)])
            : null;

    /// <summary>The claims that <see cref="Of"/> reads.</summary>
    public IEnumerable<Claim> ToClaims() =>
    [
        new(ShopClaims.Subject, Subject), new(ShopClaims.Session, Id),
        new(ShopClaims.AuthenticationInstant, AuthenticatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64),
        new(ShopClaims.AuthenticationTime, AuthenticatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64),
        .. Methods.Select(method => new Claim(ShopClaims.AuthenticationMethod, method)),
    ];
}
