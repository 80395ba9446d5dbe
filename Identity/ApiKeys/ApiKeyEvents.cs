namespace SecureShop.Identity.ApiKeys;

/// <summary>What an auditor asks for about API keys (docs/events.md). Keys appear by the id of their row.</summary>
internal static partial class ApiKeyEvents
{
    [LoggerMessage(4061, LogLevel.Information, "API key {Key} made: {Subject}")]
    public static partial void ApiKeyMade(this ILogger security, string subject, Guid key);

    [LoggerMessage(4062, LogLevel.Information, "API key {Key} replaced by {Successor}: {Subject}")]
    public static partial void ApiKeyRotated(this ILogger security, string subject, Guid key, Guid successor);

    [LoggerMessage(4063, LogLevel.Information, "API key {Key} revoked: {Subject}")]
    public static partial void ApiKeyRevoked(this ILogger security, string subject, Guid key);

    [LoggerMessage(4064, LogLevel.Warning, "API key {Key} of {Subject} refused: {Reason}")]
    public static partial void ApiKeyRefused(this ILogger security, string? subject, Guid? key, string reason);
}

/// <summary>Why an API key is refused. Its caller learns none of it.</summary>
internal static class ApiKeyRefusal
{
    /// <summary>Not a key of ours, by its form or checksum.</summary>
    public const string Shape = "api_key_shape";

    /// <summary>A key that nobody was given, or that was removed long ago.</summary>
    public const string Unknown = "api_key_unknown";

    /// <summary>Revoked: whoever still calls with it has found or kept what its owner gave up.</summary>
    public const string Revoked = "api_key_revoked";

    /// <summary>Expired, or replaced by another.</summary>
    public const string Expired = "api_key_expired";

    /// <summary>Its owner's account is closed.</summary>
    public const string Owner = "api_key_owner";

    /// <summary>Of what was asked for, nothing is allowed to the key and its owner.</summary>
    public const string Scope = "api_key_scope";
}
