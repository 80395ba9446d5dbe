using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SecureShop.Testing;

/// <summary>
/// Why a service did not start. One that fails at once may be gone before the factory of its test has looked whether it is there, which then
/// knows no more than that: what the service itself has said last is told instead.
/// </summary>
public sealed class StartFailures : ILoggerProvider, ILogger
{
    private Exception? told;

    /// <summary>Starts, by <paramref name="start"/>.</summary>
    /// <exception cref="InvalidOperationException">It did not; the inner exception says why.</exception>
    public void Watch(Action start)
    {
        ArgumentNullException.ThrowIfNull(start);
        try
        {
            start();
        }
        catch (ObjectDisposedException) when (told is not null)
        {
            throw new InvalidOperationException("The service did not start.", told);
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => categoryName == "Microsoft.Extensions.Hosting.Internal.Host" ? this : NullLogger.Instance;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => told ??= exception;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
