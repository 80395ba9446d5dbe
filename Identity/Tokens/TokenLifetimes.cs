namespace SecureShop.Identity.Tokens;

/// <summary>How long each kind of token lives, on either engine.</summary>
internal static class TokenLifetimes
{
    /// <summary>Access and ID tokens.</summary>
    public static readonly TimeSpan Access = TimeSpan.FromMinutes(5);

    /// <summary>Codes; FAPI 2.0 allows a minute at most.</summary>
    public static readonly TimeSpan Code = TimeSpan.FromSeconds(60);

    /// <summary>Pushed requests, within which a person who is not signed in yet has to be; FAPI 2.0 allows less than ten minutes.</summary>
    public static readonly TimeSpan PushedRequest = TimeSpan.FromMinutes(9);

    /// <summary>Codes of devices, and those that people type (RFC 8628).</summary>
    public static readonly TimeSpan Device = TimeSpan.FromMinutes(10);

    /// <summary>A refresh token that is not used.</summary>
    public static readonly TimeSpan RefreshIdle = TimeSpan.FromDays(7);

    /// <summary>All refresh tokens that stem from one sign-in.</summary>
    public static readonly TimeSpan RefreshLongest = TimeSpan.FromDays(30);

    /// <summary>A key signs for so long,</summary>
    public static readonly TimeSpan KeyUse = TimeSpan.FromDays(30);

    /// <summary>is published before it signs, so that everybody who checks tokens has it by then,</summary>
    public static readonly TimeSpan KeyAnnouncement = TimeSpan.FromDays(2);

    /// <summary>and after, so that what it has signed can be checked to its end.</summary>
    public static readonly TimeSpan KeyRetention = TimeSpan.FromDays(2);

    /// <summary>What a client signs to prove itself may at most be good for.</summary>
    public static readonly TimeSpan Assertion = TimeSpan.FromMinutes(5);
}
