namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>How the server behaves.</summary>
public class IdentityServerOptions
{
    /// <summary>The issuer; without it, the origin of each request.</summary>
    public string? IssuerUri { get; set; }

    /// <summary>Whether the issuer is put into lower case.</summary>
    public bool LowerCaseIssuerUri { get; set; } = true;

    /// <summary>The <c>typ</c> of access tokens.</summary>
    public string AccessTokenJwtType { get; set; } = "at+jwt";

    /// <summary>Whether every access token is also meant for <c>{issuer}/resources</c>.</summary>
    public bool EmitStaticAudienceClaim { get; set; }

    /// <summary>Whether <c>scope</c> is one text, as RFC 9068 wants it, or an array.</summary>
    public bool EmitScopesAsSpaceDelimitedStringInJwt { get; set; }

    /// <summary>Whether authorize answers name the issuer (RFC 9207; stops mix-up attacks).</summary>
    public bool EmitIssuerIdentificationResponseParameter { get; set; } = true;

    /// <summary>Which endpoints are served.</summary>
    public EndpointsOptions Endpoints { get; set; } = new();

    /// <summary>What the discovery document says.</summary>
    public DiscoveryOptions Discovery { get; set; } = new();

    /// <summary>The user's cookie.</summary>
    public AuthenticationOptions Authentication { get; set; } = new();

    /// <summary>Which events are raised.</summary>
    public EventsOptions Events { get; set; } = new();

    /// <summary>How long what is sent in may be.</summary>
    public InputLengthRestrictions InputLengthRestrictions { get; set; } = new();

    /// <summary>The host's pages.</summary>
    public UserInteractionOptions UserInteraction { get; set; } = new();

    /// <summary>Calls from browsers.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>Signing keys.</summary>
    public KeyManagementOptions KeyManagement { get; set; } = new();

    /// <summary>Codes and refresh tokens in the store.</summary>
    public PersistentGrantOptions PersistentGrants { get; set; } = new();

    /// <summary>How far other machines' clocks may be off.</summary>
    public TimeSpan JwtValidationClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Algorithms that clients may sign their assertions with.</summary>
    public ICollection<string> SupportedClientAssertionSigningAlgorithms { get; set; } =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Duende's licence; the stand-in needs none.</summary>
    public string? LicenseKey { get; set; }
}
