namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>Which endpoints are served, of those that can be switched off. The stand-in has none of them.</summary>
public class EndpointsOptions
{
    /// <summary>Session watching by iframe.</summary>
    public bool EnableCheckSessionEndpoint { get; set; } = true;

    /// <summary>Introspection.</summary>
    public bool EnableIntrospectionEndpoint { get; set; } = true;

    /// <summary>Device flow.</summary>
    public bool EnableDeviceAuthorizationEndpoint { get; set; } = true;

    /// <summary>Backchannel authentication.</summary>
    public bool EnableBackchannelAuthenticationEndpoint { get; set; } = true;

    /// <summary>Pushed requests.</summary>
    public bool EnablePushedAuthorizationEndpoint { get; set; } = true;

    /// <summary>Metadata of RFC 8414.</summary>
    public bool EnableOAuth2MetadataEndpoint { get; set; } = true;
}

/// <summary>What the discovery document says.</summary>
public class DiscoveryOptions
{
    /// <summary>Whether grant types are listed.</summary>
    public bool ShowGrantTypes { get; set; } = true;

    /// <summary>Whether response types are listed.</summary>
    public bool ShowResponseTypes { get; set; } = true;

    /// <summary>Whether response modes are listed.</summary>
    public bool ShowResponseModes { get; set; } = true;

    /// <summary>More entries; none replaces one that is there.</summary>
    public Dictionary<string, object> CustomEntries { get; set; } = new(StringComparer.Ordinal);
}

/// <summary>The user's cookie.</summary>
public class AuthenticationOptions
{
    /// <summary>The scheme.</summary>
    public string CookieAuthenticationScheme { get; set; } = default!;
}

/// <summary>Which events are raised.</summary>
public class EventsOptions
{
    /// <summary>What was refused.</summary>
    public bool RaiseFailureEvents { get; set; }
}

/// <summary>The host's pages.</summary>
public class UserInteractionOptions
{
    /// <summary>The login page.</summary>
    public string LoginUrl { get; set; } = default!;

    /// <summary>Names the parameter with the way back.</summary>
    public string LoginReturnUrlParameter { get; set; } = "ReturnUrl";

    /// <summary>The logout page.</summary>
    public string LogoutUrl { get; set; } = default!;

    /// <summary>The error page.</summary>
    public string ErrorUrl { get; set; } = default!;
}
