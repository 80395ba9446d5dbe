namespace SecureShop.Gateway.Events;

/// <summary>The security events of the gateway itself (docs/events.md).</summary>
internal static partial class GatewayEvents
{
    /// <summary>The first request over a limit; the others of the same caller, class and window are in the metrics alone.</summary>
    [LoggerMessage(2001, LogLevel.Warning, "Too many requests of class {Class} by {By}: {Reason}")]
    public static partial void LimitHit(this ILogger security, string @class, string by, string reason);

    /// <summary>A page of an origin that is not on the list; its browser does not show it the answer.</summary>
    public static void OriginRefused(this ILogger security) => OriginRefused(security, GatewayRefusal.Origin);

    /// <summary>A request that no honest caller sends: <c>host</c>, <c>plain_http</c> or <c>request_shape</c>.</summary>
    [LoggerMessage(2003, LogLevel.Warning, "Refused at the door: {Reason}")]
    public static partial void DoorRefused(this ILogger security, string reason);

    /// <summary>An API key that is none, that Identity does not take, or that comes after too many of those from its address.</summary>
    [LoggerMessage(2008, LogLevel.Warning, "API key refused: {Reason}")]
    public static partial void ApiKeyRefused(this ILogger security, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Origin not on the list: {Reason}")]
    private static partial void OriginRefused(ILogger security, string reason);
}
