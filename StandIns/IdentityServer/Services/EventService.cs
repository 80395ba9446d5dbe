namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Keeps events; the host's own.</summary>
public interface IEventSink
{
    /// <summary>Keeps one.</summary>
    Task PersistAsync(Event evt);
}

/// <summary>Hands events to the host, where it wants them.</summary>
internal sealed class EventService(IdentityServerOptions options, IEventSink sink)
{
    public Task RaiseAsync(Event evt) => options.Events.RaiseFailureEvents ? sink.PersistAsync(evt) : Task.CompletedTask;
}
