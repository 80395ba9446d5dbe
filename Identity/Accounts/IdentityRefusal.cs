namespace SecureShop.Identity.Accounts;

/// <summary>Why Identity refuses, beside what every service may say (<see cref="RefusalReason"/>). docs/events.md has them all.</summary>
internal static class IdentityRefusal
{
    public const string WrongPassword = "wrong_password";
    public const string UnknownAccount = "unknown_account";

    /// <summary>Nobody has shown yet that the account's address is theirs.</summary>
    public const string Unconfirmed = "unconfirmed";

    /// <summary>A link of a letter was used before, is too old, or was never sent.</summary>
    public const string Link = "link";

    /// <summary>An administrator has closed the account.</summary>
    public const string Disabled = "disabled";

    /// <summary>The account is shut for a while, to devices that are not known to it.</summary>
    public const string LockedOut = "locked_out";

    public const string Throttled = "throttled";
    public const string ClientAuthentication = "client_authentication";
    public const string Grant = "grant";

    /// <summary>A code or refresh token came a second time: one of the two holders stole it.</summary>
    public const string GrantReused = "grant_reused";

    /// <summary>A client asked for what it is not registered for.</summary>
    public const string Authorization = "authorization";

    public const string WrongCode = "wrong_code";

    /// <summary>A one-time code came a second time: somebody has read it.</summary>
    public const string UsedCode = "used_code";

    /// <summary>Forged, late, repeated, or of a passkey that is not known.</summary>
    public const string Passkey = "passkey";

    /// <summary>The account's role needs a second factor.</summary>
    public const string FactorNeeded = "factor_needed";
}
