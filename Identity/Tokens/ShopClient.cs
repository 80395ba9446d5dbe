namespace SecureShop.Identity.Tokens;

/// <summary>Who may ask for tokens, by its <c>client_id</c> and a name for people: what it proves itself by, which ways to a token it has, and for what.</summary>
internal sealed record ShopClient(string Id, string Name)
{
    /// <summary>A random secret of 24 characters or more; null where there is none.</summary>
    public string? Secret { get; init; }

    /// <summary>The P-256 public key, as a JSON Web Key, that its assertions are signed with (RFC 7523); null where there is none.</summary>
    public string? PublicKey { get; init; }

    /// <summary>A program that keeps no secret: an app, a command line.</summary>
    public bool IsPublic => Secret is null && PublicKey is null;

    /// <summary>The ways it has to a token.</summary>
    public required IReadOnlyList<Grant> Grants { get; init; }

    /// <summary>The scopes it may ask for, by name.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Of those what it may do in its own name: none that speaks of a person, or of a time when they are away (RFC 6749, 4.4.3).</summary>
    public IReadOnlyList<string> OwnScopes => field ??= [.. Scopes.Where(scope => ShopScopes.Find(scope)?.Api is not null)];

    /// <summary>Exact addresses; of a loopback address the port is left out and may be any (RFC 8252, 7.3).</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Where it is told that a session has ended (OpenID Connect Back-Channel Logout 1.0).</summary>
    public string? BackChannelLogoutUri { get; init; }

    /// <summary>People are asked at every request: any program of their device could pass for this client (RFC 8252, 8.6).</summary>
    public bool AsksForConsent { get; init; }

    /// <summary>
    /// Held to the FAPI 2.0 Security Profile: proves itself by a key, pushes its requests (RFC 9126), and gets tokens that are bound to
    /// a key (RFC 9449) and no others.
    /// </summary>
    public bool IsFapi { get; init; }

    /// <summary>An API under its own name (its audience), which may ask whether a token made for it still holds (RFC 7662).</summary>
    public bool IsApi { get; init; }
}

/// <summary>A way to a token.</summary>
internal enum Grant
{
    /// <summary>A code with PKCE, and refresh tokens where <c>offline_access</c> was asked for.</summary>
    Code,

    /// <summary>A device without a browser (RFC 8628), and refresh tokens.</summary>
    Device,

    /// <summary>The client's own name (RFC 6749, 4.4).</summary>
    ClientCredentials,

    /// <summary>An API key of a person is exchanged for a token: the gateway's alone.</summary>
    ApiKey,
}
