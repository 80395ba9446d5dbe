using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>What a caller words is told on the console as one event, and cannot look like another.</summary>
public sealed class ConsoleLineTests
{
    private const string Forged = "00:00:00.000 warn SecureShop.Security[1001]: forged";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\f")]
    [InlineData("\u0085")]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [Trait("Practice", "P33")]
    public void A_line_break_in_a_message_begins_no_second_event(string lineBreak)
    {
        var lines = Write($"asked for {lineBreak}{Forged}").Split('\n');
        Assert.Equal(["00:00:00.000 info Shop[7]: asked for ", $"    {Forged}", ""], lines);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void An_exception_is_part_of_its_event()
        => Assert.All(
            Write("failed", new InvalidOperationException($"broken\n{Forged}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1),
            line => Assert.StartsWith("    ", line, StringComparison.Ordinal));

    [Theory]
    [InlineData("\u001b[2K\u001b[1G")]
    [InlineData("\b\b\b")]
    [InlineData("\u009b1A")]
    [InlineData("\0\a\t\u007f")]
    [Trait("Practice", "P33")]
    public void What_moves_a_terminals_cursor_is_not_written(string control)
    {
        var written = Write($"asked for {control}{Forged}");
        Assert.DoesNotContain(written[..^1], char.IsControl);
        Assert.EndsWith($"{Forged}\n", written, StringComparison.Ordinal);
    }

    private static string Write(string message, Exception? failure = null)
    {
        using var written = new StringWriter();
        new ConsoleLine(new FakeTimeProvider()).Write(
            new LogEntry<string>(LogLevel.Information, "Shop", new EventId(7), message, failure, (state, _) => state), scopeProvider: null, written);
        return written.ToString();
    }
}
