namespace SecureShop.Identity.Events;

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

    /// <summary>Nobody changes what they may do themselves.</summary>
    public const string OwnRights = "own_rights";

    /// <summary>Nobody would be left who may change rights.</summary>
    public const string LastAdmin = "last_admin";

    // Why an API key is refused; its caller learns none of it.

    /// <summary>Not a key of ours, by its form or checksum.</summary>
    public const string ApiKeyShape = "api_key_shape";

    /// <summary>A key that nobody was given, or that was removed long ago.</summary>
    public const string ApiKeyUnknown = "api_key_unknown";

    /// <summary>Whoever still calls with it has found or kept what its owner gave up.</summary>
    public const string ApiKeyRevoked = "api_key_revoked";

    /// <summary>Expired, or replaced by another.</summary>
    public const string ApiKeyExpired = "api_key_expired";

    /// <summary>Its owner's account is closed.</summary>
    public const string ApiKeyOwner = "api_key_owner";

    /// <summary>Of what was asked for, nothing is allowed to the key and its owner.</summary>
    public const string ApiKeyScope = "api_key_scope";
}
