namespace SecureShop.ServiceDefaults;

/// <summary>
/// Why something was refused: the one vocabulary of security events and metrics. Fixed, because a reason that a caller could
/// word would be a new time series and a new row for each wording.
/// </summary>
public static class RefusalReason
{
    /// <summary>No token, where one is needed.</summary>
    public const string NoCredential = "no_credential";

    /// <summary>The token lacks the scope.</summary>
    public const string MissingScope = "missing_scope";

    /// <summary>The caller lacks the role.</summary>
    public const string MissingRole = "missing_role";

    /// <summary>Asked from outside for what only the inside may reach.</summary>
    public const string NotInternal = "not_internal";

    /// <summary>An endpoint without an access rule, which is closed.</summary>
    public const string NoRule = "no_rule";

    /// <summary>Refused by something that leaves no event of its own.</summary>
    public const string Other = "other";

    /// <summary>The signature is not the key's.</summary>
    public const string TokenSignature = "token_signature";

    /// <summary>Expired, not yet valid, or without an expiry.</summary>
    public const string TokenLifetime = "token_lifetime";

    /// <summary>Made by someone else.</summary>
    public const string TokenIssuer = "token_issuer";

    /// <summary>Made for another API.</summary>
    public const string TokenAudience = "token_audience";

    /// <summary>Another kind of token, such as an ID token.</summary>
    public const string TokenType = "token_type";

    /// <summary>Another algorithm, such as "none".</summary>
    public const string TokenAlgorithm = "token_algorithm";

    /// <summary>Names a key that the issuer does not have.</summary>
    public const string TokenKey = "token_key";

    /// <summary>Not a token that can be read.</summary>
    public const string TokenShape = "token_shape";

    /// <summary>A token that fails in another way.</summary>
    public const string TokenOther = "token_other";

    /// <summary>The object belongs to someone else.</summary>
    public const string NotOwner = "not_owner";

    /// <summary>The request cannot be read, or its values are out of bounds.</summary>
    public const string Input = "input";

    /// <summary>Too many requests from a network address.</summary>
    public const string LimitAddress = "limit_address";

    /// <summary>Too many requests of a proven caller.</summary>
    public const string LimitPrincipal = "limit_principal";

    /// <summary>A page of an origin that is not on the list.</summary>
    public const string Origin = "origin";

    /// <summary>A Host that is none of ours.</summary>
    public const string Host = "host";

    /// <summary>A call without TLS that only TLS may carry.</summary>
    public const string PlainHttp = "plain_http";

    /// <summary>A method, path or size that no honest caller sends.</summary>
    public const string RequestShape = "request_shape";

    /// <summary>The password does not match.</summary>
    public const string WrongPassword = "wrong_password";

    /// <summary>No account has that address.</summary>
    public const string UnknownAccount = "unknown_account";

    /// <summary>The account is shut for a while.</summary>
    public const string LockedOut = "locked_out";

    /// <summary>Too many tries at a credential.</summary>
    public const string Throttled = "throttled";

    /// <summary>A client did not prove itself.</summary>
    public const string ClientAuthentication = "client_authentication";

    /// <summary>A code, refresh token or other grant is not good.</summary>
    public const string Grant = "grant";

    /// <summary>A code or refresh token came a second time: one of the two holders stole it.</summary>
    public const string GrantReused = "grant_reused";

    /// <summary>A client asked for what it is not registered for.</summary>
    public const string Authorization = "authorization";
}
