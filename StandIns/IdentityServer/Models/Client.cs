namespace SecureShop.StandIns.IdentityServer.Models;

/// <summary>An application that may ask for tokens.</summary>
public class Client
{
    /// <summary>Whether the client is served at all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The public identifier.</summary>
    public string ClientId { get; set; } = default!;

    /// <summary>Name for people.</summary>
    public string? ClientName { get; set; }

    /// <summary>Hashed shared secrets and public keys, any one of which proves the client.</summary>
    public ICollection<Secret> ClientSecrets { get; set; } = [];

    /// <summary>False for public clients, which cannot keep a secret.</summary>
    public bool RequireClientSecret { get; set; } = true;

    /// <summary>Asking the user for consent; the stand-in has no consent and refuses to start with such a client.</summary>
    public bool RequireConsent { get; set; }

    /// <summary>The grants that the client may use.</summary>
    public ICollection<string> AllowedGrantTypes { get; set; } = [];

    /// <summary>Whether a code is only given against a proof key.</summary>
    public bool RequirePkce { get; set; } = true;

    /// <summary>Plain challenges; the stand-in refuses to start with such a client.</summary>
    public bool AllowPlainTextPkce { get; set; }

    /// <summary>Where codes may be sent; compared character by character.</summary>
    public ICollection<string> RedirectUris { get; set; } = [];

    /// <summary>Where the browser may go after signing out; compared character by character.</summary>
    public ICollection<string> PostLogoutRedirectUris { get; set; } = [];

    /// <summary>Whether refresh tokens are given (scope <c>offline_access</c>).</summary>
    public bool AllowOfflineAccess { get; set; }

    /// <summary>The scopes that the client may ask for.</summary>
    public ICollection<string> AllowedScopes { get; set; } = [];

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

    /// <summary>Whether a refresh reads the user's claims again; the stand-in always does.</summary>
    public bool UpdateAccessTokenClaimsOnRefresh { get; set; }
}
