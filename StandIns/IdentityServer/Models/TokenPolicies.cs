namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>How often a refresh token works.</summary>
public enum TokenUsage
{
    /// <summary>The same token again and again; the stand-in refuses to start with such a client.</summary>
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
