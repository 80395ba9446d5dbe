using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SecureShop.ServiceDefaults.Telemetry;

/// <summary>
/// One event, one line: time, level, category, event id, message, trace id. A caller who gets a line break into a message must
/// not be able to write a second event, so each further line is indented; and control characters, which move a terminal's cursor
/// or paint over what stands there, are not written. The built-in single-line format lets all but one of these through.
/// </summary>
internal sealed class ConsoleLine(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "secureshop";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is not null)
            message = $"{message}\n{logEntry.Exception}";

        textWriter.Write($"{clock.GetUtcNow():HH:mm:ss.fff} {Level(logEntry.LogLevel)} {logEntry.Category}");
        textWriter.Write(logEntry.EventId.Id == 0 ? ": " : $"[{logEntry.EventId.Id}]: ");
        textWriter.Write(Harmless(message));
        if (Activity.Current is { } activity)
            textWriter.Write($" [{activity.TraceId}]");
        textWriter.Write('\n');
    }

    private static string Harmless(string message)
    {
        message = message.ReplaceLineEndings("\n");
        return message.Any(char.IsControl)
            ? string.Concat(message.Select(letter => letter == '\n' ? "\n    " : char.IsControl(letter) ? "\uFFFD" : letter.ToString()))
            : message;
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

internal static class ConsoleLineExtensions
{
    public static void AddConsoleLog(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(options => options.FormatterName = ConsoleLine.FormatterName);
        builder.Services.AddSingleton<ConsoleFormatter, ConsoleLine>();

        // At their usual level these write whole addresses, and a sign-in's address holds its code.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);

        // A line for each attempt of each call; that a circuit opened is enough, the metrics count the rest.
        builder.Logging.AddFilter("Polly", LogLevel.Error);
    }
}
