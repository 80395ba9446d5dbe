namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>How often a refresh token works.</summary>
public enum TokenUsage
{
    /// <summary>The same token again and again.</summary>
    ReUse = 0,

    /// <summary>Once; each use gives the next one.</summary>
    OneTimeOnly = 1,
}

/// <summary>How a refresh token ages.</summary>
public enum TokenExpiration
{
    /// <summary>Use prolongs it, up to the absolute end.</summary>
    Sliding = 0,

    /// <summary>It ends at a fixed time.</summary>
    Absolute = 1,
}

/// <summary>Error codes that an extension grant can answer.</summary>
public enum TokenRequestErrors
{
    /// <summary>Malformed.</summary>
    InvalidRequest,

    /// <summary>Unknown client.</summary>
    InvalidClient,

    /// <summary>What was handed in is not good.</summary>
    InvalidGrant,

    /// <summary>The client may not use this grant.</summary>
    UnauthorizedClient,

    /// <summary>No such grant.</summary>
    UnsupportedGrantType,

    /// <summary>A scope that cannot be had.</summary>
    InvalidScope,

    /// <summary>A resource that cannot be had.</summary>
    InvalidTarget,
}
