using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SecureShop.Testing;

/// <summary>One security event, as a receiver would get it.</summary>
public sealed record RecordedEvent(int Id, string Name, string Text, IReadOnlyDictionary<string, object?> Facts)
{
    /// <summary>One of the facts, as text.</summary>
    public string? this[string name] => Facts.TryGetValue(name, out var value) ? value?.ToString() : null;
}

/// <summary>Keeps the security events of a host, or those of another category; add it to the host's logging.</summary>
public sealed class RecordedEvents(string category = "SecureShop.Security") : ILoggerProvider
{
    private readonly ConcurrentQueue<RecordedEvent> events = new();

    /// <summary>All of them, in their order.</summary>
    public IReadOnlyList<RecordedEvent> All => [.. events];

    /// <summary>Those of the requests from <paramref name="address"/>, so that tests which run beside each other stay apart.</summary>
    public IReadOnlyList<RecordedEvent> From(string address) => [.. events.Where(one => one["Address"] == address)];

    /// <summary>Forgets what was.</summary>
    public void Clear() => events.Clear();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName == category ? events : null);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Recorder(ConcurrentQueue<RecordedEvent>? events) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => events is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => events?.Enqueue(new(
                eventId.Id,
                eventId.Name ?? "",
                formatter(state, exception),
                ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(StringComparer.Ordinal)));
    }
}
