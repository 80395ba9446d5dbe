namespace SecureShop.Gateway.Events;

/// <summary>The security events of the gateway itself (docs/events.md).</summary>
internal static partial class GatewayEvents
{
    /// <summary>The first request over a limit; the others of the same caller, class and window are in the metrics alone.</summary>
    [LoggerMessage(2001, LogLevel.Warning, "Too many requests of class {Class} by {By}: {Reason} ({Limit})")]
    public static partial void LimitHit(this ILogger security, string @class, string by, string reason, string limit);

    /// <summary>A page of an origin that is not on the list; its browser does not show it the answer.</summary>
    public static void OriginRefused(this ILogger security) => OriginRefused(security, GatewayRefusal.Origin);

    /// <summary>A request that no honest caller sends: <c>network</c>, <c>host</c>, <c>plain_http</c> or <c>request_shape</c>.</summary>
    [LoggerMessage(2003, LogLevel.Warning, "Refused at the door: {Reason}")]
    public static partial void DoorRefused(this ILogger security, string reason);

    // The kind of failure alone: messages of the client name keys.
    [LoggerMessage(2004, LogLevel.Error, "Redis does not answer ({Failure}): limits are this replica's share, and no credential is tried")]
    public static partial void LimitsLocal(this ILogger security, string failure);

    [LoggerMessage(2005, LogLevel.Warning, "Redis answers again: limits are those of all replicas")]
    public static partial void LimitsShared(this ILogger security);

    /// <summary>An attack, by the rules that matched and the fields where they did. Never the value: it may be somebody's secret.</summary>
    public static void FirewallRefused(this ILogger security, string rules, string fields, int score) => FirewallRefused(security, GatewayRefusal.Firewall, rules, fields, score);

    /// <summary>The same where the firewall only watches, or too little for a refusal.</summary>
    [LoggerMessage(2007, LogLevel.Information, "The firewall noticed {Rules} in {Fields}, score {Score}")]
    public static partial void FirewallNoticed(this ILogger security, string rules, string fields, int score);

    /// <summary>An API key that is none, that Identity does not take, or that comes after too many of those from its address.</summary>
    [LoggerMessage(2008, LogLevel.Warning, "API key refused: {Reason}")]
    public static partial void ApiKeyRefused(this ILogger security, string reason);

    /// <summary>More is asked than can be done: the first of a class that is shed in a minute; the metric counts each.</summary>
    public static void LoadShed(this ILogger security, string @class) => LoadShed(security, GatewayRefusal.Overload, @class);

    [LoggerMessage(2009, LogLevel.Warning, "Requests of class {Class} are shed: {Reason}")]
    private static partial void LoadShed(ILogger security, string reason, string @class);

    [LoggerMessage(2002, LogLevel.Warning, "Origin not on the list: {Reason}")]
    private static partial void OriginRefused(ILogger security, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "Refused by the {Reason}: {Rules} in {Fields}, score {Score}")]
    private static partial void FirewallRefused(ILogger security, string reason, string rules, string fields, int score);
}
