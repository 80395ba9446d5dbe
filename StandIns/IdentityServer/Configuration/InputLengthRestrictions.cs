namespace SecureShop.StandIns.IdentityServer.Configuration;

/// <summary>How long what is sent in may be: nobody makes the server hash or store megabytes.</summary>
public class InputLengthRestrictions
{
    private const int Default = 100;

    /// <summary>Client identifier.</summary>
    public int ClientId { get; set; } = Default;

    /// <summary>Client secret.</summary>
    public int ClientSecret { get; set; } = Default;

    /// <summary>Scopes.</summary>
    public int Scope { get; set; } = 300;

    /// <summary>Redirect address.</summary>
    public int RedirectUri { get; set; } = 400;

    /// <summary>Nonce.</summary>
    public int Nonce { get; set; } = 300;

    /// <summary>Languages.</summary>
    public int UiLocale { get; set; } = Default;

    /// <summary>User name to start with.</summary>
    public int LoginHint { get; set; } = Default;

    /// <summary>Authentication context.</summary>
    public int AcrValues { get; set; } = 300;

    /// <summary>Grant type.</summary>
    public int GrantType { get; set; } = Default;

    /// <summary>User name.</summary>
    public int UserName { get; set; } = Default;

    /// <summary>Password.</summary>
    public int Password { get; set; } = Default;

    /// <summary>Code.</summary>
    public int AuthorizationCode { get; set; } = Default;

    /// <summary>Refresh token.</summary>
    public int RefreshToken { get; set; } = Default;

    /// <summary>Other handles.</summary>
    public int TokenHandle { get; set; } = Default;

    /// <summary>Signed tokens and assertions.</summary>
    public int Jwt { get; set; } = 51200;

    /// <summary>Shortest challenge (RFC 7636).</summary>
    public int CodeChallengeMinLength { get; } = 43;

    /// <summary>Longest challenge.</summary>
    public int CodeChallengeMaxLength { get; } = 128;

    /// <summary>Shortest verifier.</summary>
    public int CodeVerifierMinLength { get; } = 43;

    /// <summary>Longest verifier.</summary>
    public int CodeVerifierMaxLength { get; } = 128;

    /// <summary>Identity token handed back as a hint.</summary>
    public int IdTokenHint { get; set; } = 4000;
}
