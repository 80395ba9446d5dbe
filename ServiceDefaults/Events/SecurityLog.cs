using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Events;

/// <summary>
/// The one category of security events. Each event is given what is known of its request: method, route, status, network
/// address, and the caller where a check has proven one.
/// </summary>
public sealed class SecurityLog : IDisposable
{
    /// <summary>The category.</summary>
    public const string Category = "SecureShop.Security";

    private readonly ILogger events;
    private readonly EventBudget budget;
    private readonly IHttpContextAccessor? current;
    private readonly ISecurityEventSink? sink;

    /// <summary>Made by the container; <paramref name="current"/> and <paramref name="sink"/> are there only where a service asked for them.</summary>
    public SecurityLog(ILoggerFactory loggers, TimeProvider clock, IHttpContextAccessor? current = null, ISecurityEventSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        events = loggers.CreateLogger(Category);
        budget = new EventBudget(clock, (kind, count) => SecurityEvents.EventsSuppressed(new RequestLogger(this, null, null), count, kind));
        (this.current, this.sink) = (current, sink);
    }

    /// <summary>
    /// For events of the request that is being served, which will be answered with <paramref name="status"/>, where that is
    /// known by now; needs <c>AddHttpContextAccessor</c>.
    /// </summary>
    public ILogger ForCurrentRequest(int? status = null) => new RequestLogger(this, current?.HttpContext, status);

    /// <summary>For events of <paramref name="context"/>, which is answered with <paramref name="status"/> or the error that its response says.</summary>
    public static ILogger Of(HttpContext context, int? status = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new RequestLogger(context.RequestServices.GetRequiredService<SecurityLog>(), context, status);
    }

    /// <summary>
    /// The same, for who keeps the event on their own before it is told: with what is known of the request, and neither logged nor counted. Needs
    /// <c>AddHttpContextAccessor</c>.
    /// </summary>
    public ILogger Keeping(Action<SecurityEvent, HttpContext?> keep) => new KeepingLogger(current?.HttpContext, keep);

    /// <inheritdoc/>
    public void Dispose() => budget.Dispose();

    private static List<KeyValuePair<string, object?>> Own<TState>(TState state)
        => state is IEnumerable<KeyValuePair<string, object?>> said
            ? [.. said.Where(fact => fact.Value is not null && fact.Key != "{OriginalFormat}")]
            : [];

    private static void AddRequest(List<KeyValuePair<string, object?>> facts, HttpContext http, int? status)
    {
        Add("Method", RequestNames.Method(http));

        // The pattern and never the path: an unknown path is the caller's own text.
        Add("Route", RequestNames.Route(http));

        // 200 is what a response says before anybody has said anything.
        Add("Status", status ?? (http.Response.StatusCode >= StatusCodes.Status400BadRequest ? http.Response.StatusCode : null));
        Add("Address", Address(http.Connection.RemoteIpAddress));

        // Of a checked token or session only: claims of a bad token are whatever its maker likes.
        Add("Subject", http.User.SubjectOrNull());
        Add("Client", http.User.Identity?.IsAuthenticated == true ? http.User.FindFirst("client_id")?.Value : null);

        void Add(string name, object? value)
        {
            if (value is not null && !facts.Exists(fact => fact.Key == name))
                facts.Add(new(name, value));
        }
    }

    private static string? Address(IPAddress? address)
        => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();

    private sealed class KeepingLogger(HttpContext? context, Action<SecurityEvent, HttpContext?> keep) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var facts = Own(state);
            if (context is not null)
                AddRequest(facts, context, status: null);
            keep(new(eventId, facts), context);
        }
    }

    private sealed class RequestLogger(SecurityLog log, HttpContext? context, int? status) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // Always, so that the metrics count what a filter keeps out of the log.
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var facts = Own(state);
            var refusal = facts.Find(fact => fact.Key == "Reason").Value as string;
            if (refusal is not null)
            {
                ShopMetrics.Refused(refusal);
                if (context is not null)
                    RefusalEvent.MarkRecorded(context);
            }

            // What was done is bounded by the work that it took, and is kept whole; refusals cost their callers nothing.
            var logged = log.events.IsEnabled(logLevel);
            var within = (logged || log.sink is not null) && log.budget.TryTake(eventId, context?.Connection.RemoteIpAddress);
            var kept = log.sink is not null && (within || refusal is null);
            logged = logged && within;
            if (!kept && !logged)
                return;

            if (context is not null)
                AddRequest(facts, context, status);
            if (kept)
                log.sink!.Record(new(eventId, facts), context);
            if (!logged)
                return;

            var text = formatter(state, exception).Replace("(null)", "-", StringComparison.Ordinal) + Describe(facts);
            log.events.Log<IReadOnlyList<KeyValuePair<string, object?>>>(logLevel, eventId, facts, exception, (_, _) => text);
        }

        private static string Describe(List<KeyValuePair<string, object?>> facts)
        {
            var parts = new[] { "Method", "Route", "Status", "Address" }
                .Select(name => facts.Find(fact => fact.Key == name).Value)
                .Where(value => value is not null)
                .ToList();
            return parts.Count == 0 ? "" : $" ({string.Join(' ', parts)})";
        }
    }
}

/// <summary>
/// A feature of a request: whether its refusal has left an event, here or at the service that answered. So a refusal leaves one
/// event, and none leaves none.
/// </summary>
public sealed class RefusalEvent
{
    private static readonly RefusalEvent Recorded = new();

    private RefusalEvent()
    {
    }

    /// <summary>Says that the refusal of <paramref name="context"/> has its event.</summary>
    public static void MarkRecorded(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Features.Set(Recorded);
    }

    /// <summary>Whether the refusal of <paramref name="context"/> has its event.</summary>
    public static bool IsRecorded(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<RefusalEvent>() is not null;
    }
}

/// <summary>Sees to it that no refusal goes without an event. The last resort: what refuses a request usually says why itself.</summary>
internal sealed class UnrecordedRefusals(RequestDelegate next)
{
    private static readonly Func<object, Task> RecordStarting = context =>
    {
        Record((HttpContext)context);
        return Task.CompletedTask;
    };

    public async Task InvokeAsync(HttpContext context)
    {
        // Before the first byte of the answer: whoever has read a refusal finds its event there.
        context.Response.OnStarting(RecordStarting, context);
        try
        {
            await next(context);
        }
        finally
        {
            // What never starts an answer, because its caller is gone.
            Record(context);
        }
    }

    private static void Record(HttpContext context)
    {
        if (RefusalEvent.IsRecorded(context))
            return;

        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType
                or StatusCodes.Status431RequestHeaderFieldsTooLarge:
                SecurityLog.Of(context).InputRefused();
                break;
            case StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status421MisdirectedRequest
                or StatusCodes.Status429TooManyRequests:
                SecurityLog.Of(context).AccessRefused(RefusalReason.Other);
                break;
        }
    }
}
