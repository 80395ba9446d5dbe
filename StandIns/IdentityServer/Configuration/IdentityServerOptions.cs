namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>How the server behaves.</summary>
public class IdentityServerOptions
{
    /// <summary>The issuer: an origin, without a slash at the end.</summary>
    public string IssuerUri { get; set; } = default!;

    /// <summary>The licence; the stand-in needs none and does not look at it.</summary>
    public string? LicenseKey { get; set; }

    /// <summary>Whether <c>scope</c> is one text, as RFC 9068 wants it; the stand-in knows no other way.</summary>
    public bool EmitScopesAsSpaceDelimitedStringInJwt { get; set; }

    /// <summary>Which endpoints are served.</summary>
    public EndpointsOptions Endpoints { get; set; } = new();

    /// <summary>What the discovery document says.</summary>
    public DiscoveryOptions Discovery { get; set; } = new();

    /// <summary>The user's cookie.</summary>
    public AuthenticationOptions Authentication { get; set; } = new();

    /// <summary>Which events are raised.</summary>
    public EventsOptions Events { get; set; } = new();

    /// <summary>The host's pages.</summary>
    public UserInteractionOptions UserInteraction { get; set; } = new();

    /// <summary>Signing keys.</summary>
    public KeyManagementOptions KeyManagement { get; set; } = new();

    /// <summary>How far other machines' clocks may be off.</summary>
    public TimeSpan JwtValidationClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Algorithms that clients may sign their assertions with.</summary>
    public ICollection<string> SupportedClientAssertionSigningAlgorithms { get; set; } =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
}
