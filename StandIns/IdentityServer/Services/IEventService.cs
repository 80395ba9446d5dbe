using SecureShop.StandIns.IdentityServer.Events;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Takes events in.</summary>
public interface IEventService
{
    /// <summary>Raises an event if its kind is switched on.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1030", Justification = "The name that the product has.")]
    Task RaiseAsync(Event evt);

    /// <summary>Whether this kind is switched on.</summary>
    bool CanRaiseEventType(EventTypes evtType);
}

/// <summary>Keeps events; the host's own.</summary>
public interface IEventSink
{
    /// <summary>Keeps one.</summary>
    Task PersistAsync(Event evt);
}
