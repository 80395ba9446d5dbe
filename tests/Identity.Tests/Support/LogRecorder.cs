using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SecureShop.Identity.Tests.Support;

/// <summary>Keeps every log line of a host.</summary>
public sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> lines = new();

    public IReadOnlyList<(EventId Id, string Text)> Lines => [.. lines];

    public string Text => string.Join('\n', lines.Select(line => line.Text));

    public int Count(int id) => lines.Count(line => line.Id.Id == id);

    public ILogger CreateLogger(string categoryName) => new Recorder(lines);

    public void Dispose()
    {
    }

    private sealed class Recorder(ConcurrentQueue<(EventId Id, string Text)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Enqueue((eventId, $"{formatter(state, exception)} {exception}"));
    }
}
