using Microsoft.AspNetCore.Http;

namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>Which endpoints are served. Those without an implementation here are not listed.</summary>
public class EndpointsOptions
{
    /// <summary>Authorize.</summary>
    public bool EnableAuthorizeEndpoint { get; set; } = true;

    /// <summary>Token.</summary>
    public bool EnableTokenEndpoint { get; set; } = true;

    /// <summary>Userinfo.</summary>
    public bool EnableUserInfoEndpoint { get; set; } = true;

    /// <summary>Discovery and keys.</summary>
    public bool EnableDiscoveryEndpoint { get; set; } = true;

    /// <summary>Sign-out.</summary>
    public bool EnableEndSessionEndpoint { get; set; } = true;

    /// <summary>Revocation.</summary>
    public bool EnableTokenRevocationEndpoint { get; set; } = true;

    /// <summary>Session watching by iframe; never served here.</summary>
    public bool EnableCheckSessionEndpoint { get; set; } = true;

    /// <summary>Introspection; not served here.</summary>
    public bool EnableIntrospectionEndpoint { get; set; } = true;

    /// <summary>Device flow; not served here.</summary>
    public bool EnableDeviceAuthorizationEndpoint { get; set; } = true;

    /// <summary>Backchannel authentication; not served here.</summary>
    public bool EnableBackchannelAuthenticationEndpoint { get; set; } = true;

    /// <summary>Pushed requests; not served here.</summary>
    public bool EnablePushedAuthorizationEndpoint { get; set; } = true;

    /// <summary>Metadata of RFC 8414; the same document as discovery.</summary>
    public bool EnableOAuth2MetadataEndpoint { get; set; } = true;
}

/// <summary>What the discovery document says.</summary>
public class DiscoveryOptions
{
    /// <summary>Whether identity scopes are listed.</summary>
    public bool ShowIdentityScopes { get; set; } = true;

    /// <summary>Whether scopes of APIs are listed.</summary>
    public bool ShowApiScopes { get; set; } = true;

    /// <summary>Whether claim types are listed.</summary>
    public bool ShowClaims { get; set; } = true;

    /// <summary>Whether grant types are listed.</summary>
    public bool ShowGrantTypes { get; set; } = true;

    /// <summary>Whether response types are listed.</summary>
    public bool ShowResponseTypes { get; set; } = true;

    /// <summary>Whether response modes are listed.</summary>
    public bool ShowResponseModes { get; set; } = true;

    /// <summary>Seconds that others may keep the documents.</summary>
    public int? ResponseCacheInterval { get; set; }

    /// <summary>More entries; none replaces one that is there.</summary>
    public Dictionary<string, object> CustomEntries { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>The user's cookie.</summary>
public class AuthenticationOptions
{
    /// <summary>The scheme, where it is not the default one.</summary>
    public string? CookieAuthenticationScheme { get; set; }

    /// <summary>How long the cookie of the scheme <c>idsrv</c> lives.</summary>
    public TimeSpan CookieLifetime { get; set; } = TimeSpan.FromHours(10);

    /// <summary>Whether use prolongs it.</summary>
    public bool CookieSlidingExpiration { get; set; }

    /// <summary>The cookie's SameSite mode.</summary>
    public SameSiteMode CookieSameSiteMode { get; set; } = SameSiteMode.None;

    /// <summary>Whether only a signed-in user's sign-out request is believed.</summary>
    public bool RequireAuthenticatedUserForSignOutMessage { get; set; }

    /// <summary>Whether signing out ends refresh tokens.</summary>
    public bool CoordinateClientLifetimesWithUserSession { get; set; }
}

/// <summary>Which events are raised.</summary>
public class EventsOptions
{
    /// <summary>What went well.</summary>
    public bool RaiseSuccessEvents { get; set; }

    /// <summary>What was refused.</summary>
    public bool RaiseFailureEvents { get; set; }

    /// <summary>What is good to know.</summary>
    public bool RaiseInformationEvents { get; set; }

    /// <summary>What broke.</summary>
    public bool RaiseErrorEvents { get; set; }
}

/// <summary>Calls from browsers.</summary>
public class CorsOptions
{
    /// <summary>How long a browser may keep a preflight's answer.</summary>
    public TimeSpan? PreflightCacheDuration { get; set; }
}

/// <summary>Codes and refresh tokens in the store.</summary>
public class PersistentGrantOptions
{
    /// <summary>Whether the content is sealed by data protection.</summary>
    public bool DataProtectData { get; set; } = true;

    /// <summary>Whether a used refresh token is deleted; the stand-in always keeps a mark, to notice its reuse.</summary>
    public bool DeleteOneTimeOnlyRefreshTokensOnUse { get; set; } = true;
}

/// <summary>The host's pages.</summary>
public class UserInteractionOptions
{
    /// <summary>The login page.</summary>
    public string? LoginUrl { get; set; }

    /// <summary>Names the parameter with the way back.</summary>
    public string? LoginReturnUrlParameter { get; set; }

    /// <summary>The logout page.</summary>
    public string? LogoutUrl { get; set; }

    /// <summary>Names the parameter with the logout message.</summary>
    public string LogoutIdParameter { get; set; } = "logoutId";

    /// <summary>The consent page; never used here.</summary>
    public string ConsentUrl { get; set; } = "/consent";

    /// <summary>The registration page, for <c>prompt=create</c>.</summary>
    public string? CreateAccountUrl { get; set; }

    /// <summary>Names the parameter with the way back.</summary>
    public string CreateAccountReturnUrlParameter { get; set; } = "returnUrl";

    /// <summary>The error page.</summary>
    public string ErrorUrl { get; set; } = "/home/error";

    /// <summary>Names the parameter with the error message.</summary>
    public string ErrorIdParameter { get; set; } = "errorId";
}
