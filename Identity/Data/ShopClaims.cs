namespace SecureShop.Identity.Data;

/// <summary>Claim names as they stand in tokens.</summary>
internal static class ShopClaims
{
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Role = "role";
    public const string Email = "email";
    public const string EmailVerified = "email_verified";
    public const string Session = "sid";
    public const string AuthenticationTime = "auth_time";

    /// <summary>The same in milliseconds, in the session alone: two sign-ins within a second are two.</summary>
    public const string AuthenticationInstant = "auth_ms";

    public const string AuthenticationMethod = "amr";
    public const string AuthenticationContext = "acr";

    /// <summary>Those that ID tokens and userinfo may have, as the server's description of itself says.</summary>
    public static IReadOnlyList<string> Described { get; } =
        [Subject, Name, Email, EmailVerified, AuthenticationTime, AuthenticationContext, AuthenticationMethod, Session];
}
