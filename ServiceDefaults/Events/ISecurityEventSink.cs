using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecureShop.ServiceDefaults.Events;

/// <summary>
/// Keeps security events beyond the log, in the same shape. A service that has one registers it. What was done always comes here,
/// whatever the log's filters say; of what was refused comes what the log is told too, so that a flood fills neither.
/// </summary>
public interface ISecurityEventSink
{
    /// <summary>Takes an event of <paramref name="context"/>, or of no request. It is called where nothing can be awaited, and must not throw.</summary>
    void Record(SecurityEvent happened, HttpContext? context);
}

/// <summary>A security event as it is logged.</summary>
/// <param name="Id">Its number and name.</param>
/// <param name="Facts">What the event says itself, then what is known of its request.</param>
public sealed record SecurityEvent(EventId Id, IReadOnlyList<KeyValuePair<string, object?>> Facts)
{
    /// <summary>One of the facts, or null.</summary>
    public object? this[string name] => Facts.FirstOrDefault(fact => fact.Key == name).Value;
}
