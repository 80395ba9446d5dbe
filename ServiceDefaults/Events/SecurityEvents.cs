using Microsoft.Extensions.Logging;

namespace SecureShop.ServiceDefaults.Events;

/// <summary>
/// The security events that every service can leave (docs/events.md lists them all). Their ids and names never change: alarms
/// are built on them. Call them on a logger of <see cref="SecurityLog"/>, which adds who, from where and what.
/// </summary>
public static partial class SecurityEvents
{
    /// <summary>A caller was not let in.</summary>
    [LoggerMessage(1001, LogLevel.Warning, "Access refused: {Reason}")]
    public static partial void AccessRefused(this ILogger security, string reason);

    /// <summary>A token was presented and is not good. Who it claims to be is not said: nobody proved it.</summary>
    [LoggerMessage(1002, LogLevel.Warning, "Token rejected: {Reason}")]
    public static partial void TokenRejected(this ILogger security, string reason);

    /// <summary>A caller named an object of somebody else.</summary>
    public static void OwnershipRefused(this ILogger security) => OwnershipRefused(security, RefusalReason.NotOwner);

    /// <summary>A request could not be read or was out of bounds. What it held is not said.</summary>
    public static void InputRefused(this ILogger security) => InputRefused(security, RefusalReason.Input);

    // The kind of failure alone: messages of the client name keys.
    [LoggerMessage(1005, LogLevel.Error, "Nobody says what was revoked ({Failure}): a token may read and change nothing")]
    internal static partial void RevocationsUnheard(this ILogger security, string failure);

    [LoggerMessage(1006, LogLevel.Warning, "All that was revoked is known again")]
    internal static partial void RevocationsHeard(this ILogger security);

    [LoggerMessage(1003, LogLevel.Warning, "The object is somebody else's: {Reason}")]
    private static partial void OwnershipRefused(ILogger security, string reason);

    [LoggerMessage(1004, LogLevel.Information, "Input refused: {Reason}")]
    private static partial void InputRefused(ILogger security, string reason);

    [LoggerMessage(1009, LogLevel.Warning, "{Count} more events {Kind} came too fast to be written one by one; the metrics hold them")]
    internal static partial void EventsSuppressed(ILogger security, long count, string kind);
}

/// <summary>
/// Why something was refused, in the words of security events and metrics; what one service alone refuses stands with it. Fixed,
/// because a reason that a caller could word would be a new time series and a new row for each wording.
/// </summary>
public static class RefusalReason
{
    /// <summary>No token, where one is needed.</summary>
    public const string NoCredential = "no_credential";

    /// <summary>The token lacks the scope.</summary>
    public const string MissingScope = "missing_scope";

    /// <summary>The caller lacks the role.</summary>
    public const string MissingRole = "missing_role";

    /// <summary>The caller has shown who they are too weakly or too long ago for this.</summary>
    public const string StepUp = "step_up";

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

    /// <summary>Bound to a key that was not proven, or presented as another kind of token than it is.</summary>
    public const string TokenBinding = "token_binding";

    /// <summary>Has ended before its time: by itself, or with its session, grant, person or key.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>A token that fails in another way.</summary>
    public const string TokenOther = "token_other";

    /// <summary>The object belongs to someone else.</summary>
    public const string NotOwner = "not_owner";

    /// <summary>The request cannot be read, or its values are out of bounds.</summary>
    public const string Input = "input";

    /// <summary>A call without TLS that only TLS may carry.</summary>
    public const string PlainHttp = "plain_http";
}
