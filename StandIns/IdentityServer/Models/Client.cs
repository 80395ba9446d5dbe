namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>An application that may ask for tokens.</summary>
public class Client
{
    private HashSet<string> _grantTypes = new(StringComparer.Ordinal);

    /// <summary>Whether the client is served at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The public identifier.</summary>
    public string ClientId { get; set; } = default!;

    /// <summary>Name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>What the client is for.</summary>
    public string? Description { get; set; }

    /// <summary>Hashed shared secrets and public keys, any one of which proves the client.</summary>
    public ICollection<Secret> ClientSecrets { get; set; } = new HashSet<Secret>();

    /// <summary>False for public clients, which cannot keep a secret.</summary>
    public bool RequireClientSecret { get; set; } = true;

    /// <summary>Asking the user for consent; the stand-in has no consent and refuses to start with such a client.</summary>
    public bool RequireConsent { get; set; }

    /// <summary>The grants that the client may use.</summary>
    public ICollection<string> AllowedGrantTypes
    {
        get => _grantTypes;
        set
        {
            ValidateGrantTypes(value);
            _grantTypes = new HashSet<string>(value, StringComparer.Ordinal);
        }
    }

    /// <summary>Whether a code is only given against a proof key.</summary>
    public bool RequirePkce { get; set; } = true;

    /// <summary>Plain challenges; the stand-in refuses to start with such a client.</summary>
    public bool AllowPlainTextPkce { get; set; }

    /// <summary>Where codes may be sent; compared character by character.</summary>
    public ICollection<string> RedirectUris { get; set; } = new HashSet<string>();

    /// <summary>Where the browser may go after signing out; compared character by character.</summary>
    public ICollection<string> PostLogoutRedirectUris { get; set; } = new HashSet<string>();

    /// <summary>Origins from which a browser may call the token endpoints.</summary>
    public ICollection<string> AllowedCorsOrigins { get; set; } = new HashSet<string>();

    /// <summary>Whether refresh tokens are given (scope <c>offline_access</c>).</summary>
    public bool AllowOfflineAccess { get; set; }

    /// <summary>The scopes that the client may ask for.</summary>
    public ICollection<string> AllowedScopes { get; set; } = new HashSet<string>();

    /// <summary>Whether the identity token carries the profile claims although an access token is given too.</summary>
    public bool AlwaysIncludeUserClaimsInIdToken { get; set; }

    /// <summary>Seconds that an identity token lives.</summary>
    public int IdentityTokenLifetime { get; set; } = 300;

    /// <summary>Seconds that an access token lives.</summary>
    public int AccessTokenLifetime { get; set; } = 3600;

    /// <summary>Seconds that a code lives.</summary>
    public int AuthorizationCodeLifetime { get; set; } = 300;

    /// <summary>Seconds after which a chain of refresh tokens ends, however it is used.</summary>
    public int AbsoluteRefreshTokenLifetime { get; set; } = 2592000;

    /// <summary>Seconds that an unused refresh token lives when <see cref="RefreshTokenExpiration"/> slides.</summary>
    public int SlidingRefreshTokenLifetime { get; set; } = 1296000;

    /// <summary>Whether a refresh token can be used once or again.</summary>
    public TokenUsage RefreshTokenUsage { get; set; } = TokenUsage.ReUse;

    /// <summary>Whether using a refresh token prolongs it.</summary>
    public TokenExpiration RefreshTokenExpiration { get; set; } = TokenExpiration.Absolute;

    /// <summary>Whether a refresh reads the user's claims again.</summary>
    public bool UpdateAccessTokenClaimsOnRefresh { get; set; }

    /// <summary>Whether access tokens carry a <c>jti</c>.</summary>
    public bool IncludeJwtId { get; set; } = true;

    /// <summary>Claims of the client itself.</summary>
    public ICollection<ClientClaim> Claims { get; set; } = new HashSet<ClientClaim>();

    /// <summary>Whether the client's claims are in users' tokens too.</summary>
    public bool AlwaysSendClientClaims { get; set; }

    /// <summary>Put before the type of each of the client's claims.</summary>
    public string? ClientClaimsPrefix { get; set; } = "client_";

    /// <summary>Whether the user may type a password here.</summary>
    public bool EnableLocalLogin { get; set; } = true;

    /// <summary>Seconds since the sign-in after which this client's users sign in again.</summary>
    public int? UserSsoLifetime { get; set; }

    /// <summary>Whether signing out ends the client's refresh tokens; null follows the server's option.</summary>
    public bool? CoordinateLifetimeWithUserSession { get; set; }

    /// <summary>Anything else.</summary>
    public IDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Refuses grant types that contain spaces, repeat, or together allow a downgrade to implicit.</summary>
    public static void ValidateGrantTypes(IEnumerable<string> grantTypes)
    {
        ArgumentNullException.ThrowIfNull(grantTypes);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in grantTypes)
        {
            if (type.Contains(' ', StringComparison.Ordinal))
                throw new InvalidOperationException($"The grant type '{type}' contains a space.");
            if (!seen.Add(type))
                throw new InvalidOperationException($"The grant type '{type}' is listed twice.");
        }

        string[] viaBrowser = [GrantType.AuthorizationCode, GrantType.Implicit, GrantType.Hybrid];
        if (viaBrowser.Count(seen.Contains) > 1)
            throw new InvalidOperationException("A client has one of code, implicit and hybrid, so that none is a way around another.");
    }
}
