using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecureShop.StandIns.IdentityServer.Configuration;
using SecureShop.StandIns.IdentityServer.Events;

namespace SecureShop.StandIns.IdentityServer.Services;

/// <summary>Completes events and hands them to the host.</summary>
internal sealed class EventService(IdentityServerOptions options, IHttpContextAccessor accessor, IEventSink sink, TimeProvider clock) : IEventService
{
    public async Task RaiseAsync(Event evt)
    {
        ArgumentNullException.ThrowIfNull(evt);
        if (!CanRaiseEventType(evt.EventType))
            return;

        var connection = accessor.HttpContext?.Connection;
        evt.ActivityId = Activity.Current?.TraceId.ToString() ?? accessor.HttpContext?.TraceIdentifier;
        evt.TimeStamp = clock.GetUtcNow().UtcDateTime;
        evt.ProcessId = Environment.ProcessId;
        evt.LocalIpAddress = connection?.LocalIpAddress?.ToString();
        evt.RemoteIpAddress = connection?.RemoteIpAddress?.ToString();
        await sink.PersistAsync(evt);
    }

    public bool CanRaiseEventType(EventTypes evtType) => evtType switch
    {
        EventTypes.Success => options.Events.RaiseSuccessEvents,
        EventTypes.Failure => options.Events.RaiseFailureEvents,
        EventTypes.Information => options.Events.RaiseInformationEvents,
        EventTypes.Error => options.Events.RaiseErrorEvents,
        _ => false,
    };
}

/// <summary>Writes events to the log, for hosts that keep them nowhere else.</summary>
internal sealed partial class LogEventSink(ILogger<LogEventSink> logger) : IEventSink
{
    public Task PersistAsync(Event evt)
    {
        LogEvent(evt.Name, evt);
        return Task.CompletedTask;
    }

    [LoggerMessage(6001, LogLevel.Information, "{Name}: {Event}")]
    private partial void LogEvent(string name, Event @event);
}
