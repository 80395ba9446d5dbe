using Microsoft.Extensions.Logging;

namespace SecureShop.ServiceDefaults;

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

    [LoggerMessage(1003, LogLevel.Warning, "The object is somebody else's: {Reason}")]
    private static partial void OwnershipRefused(ILogger security, string reason);

    [LoggerMessage(1004, LogLevel.Information, "Input refused: {Reason}")]
    private static partial void InputRefused(ILogger security, string reason);

    [LoggerMessage(1009, LogLevel.Warning, "{Count} more events {Kind} came too fast to be written one by one; the metrics hold them")]
    internal static partial void EventsSuppressed(ILogger security, long count, string kind);
}
