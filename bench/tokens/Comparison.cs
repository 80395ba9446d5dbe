using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using SecureShop.Bench.Load;

namespace SecureShop.Bench.Tokens;

/// <summary>One kind of grant at both servers.</summary>
/// <param name="name">What it is called.</param>
/// <param name="least">The ratio of tokens a second that is asked of Identity.</param>
/// <param name="ours">A client of Identity.</param>
/// <param name="theirs">The same client at the degraded mode.</param>
internal sealed class Comparison(string name, double least, TokenClient ours, TokenClient theirs)
{
    private const int Counted = 20;
    private const int Batch = 250;

    /// <summary>So much of a core the compiler may still take.</summary>
    private const double Quiet = 0.02;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);
    private readonly List<Slice> mine = [];
    private readonly List<Slice> others = [];
    private IReadOnlyList<string> statements = [];

    public string Name => name;

    public bool Passes => Speed.Mean >= least;

    private Ratio Speed => Ratio.Of(mine.Zip(others, (one, other) => one.PerSecond / other.PerSecond));

    /// <summary>Lets the runtime compile what it finds hot, until it finds little more: half compiled, what has more code would be slower by that alone.</summary>
    public async Task WarmUpAsync(int callers, TimeSpan atMost)
    {
        var started = Stopwatch.GetTimestamp();
        for (var isQuiet = false; !isQuiet && Stopwatch.GetElapsedTime(started) < atMost;)
        {
            var (compiling, slice) = (JitInfo.GetCompilationTime(), Stopwatch.GetTimestamp());
            for (var requests = 0; Stopwatch.GetElapsedTime(slice) < Length || requests == 0; requests += Batch)
            {
                await ours.RunAsync(callers, Batch);
                await theirs.RunAsync(callers, Batch);
            }

            isQuiet = (JitInfo.GetCompilationTime() - compiling) / Stopwatch.GetElapsedTime(slice) < Quiet;
        }
    }

    /// <summary>Counts statements, which would take time while time is measured.</summary>
    public async Task CountAsync()
    {
        using var heard = new Statements();
        await ours.RunAsync(1, Counted);
        statements = heard.Heard;
    }

    public async Task MeasureAsync(int callers, int tokens, bool oursFirst)
    {
        if (oursFirst)
            mine.Add(await ours.RunAsync(callers, tokens));
        others.Add(await theirs.RunAsync(callers, tokens));
        if (!oursFirst)
            mine.Add(await ours.RunAsync(callers, tokens));
    }

    public async Task WriteAsync(TextWriter writer, double bare, bool withStatements)
    {
        await writer.WriteLineAsync(name);
        await writer.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{"  Identity",-42} {Line(Slice.Sum(mine), bare)} {(double)statements.Count / Counted,11:0.0}"));
        await writer.WriteLineAsync($"{"  degraded mode",-42} {Line(Slice.Sum(others), bare)}");
        await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  ratio {Speed}, asked for {least:0.0}{(Passes ? "" : ": TOO SLOW")}"));
        if (!withStatements)
            return;
        foreach (var statement in statements.CountBy(text => text, StringComparer.Ordinal))
            await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"    {(double)statement.Value / Counted:0.00} x {statement.Key}"));
    }

    /// <summary>A row of the table; of the memory what a token server takes beyond the bare answer.</summary>
    public static string Line(Slice slice, double bare) => string.Create(
        CultureInfo.InvariantCulture, $"{slice.PerSecond,9:0} {slice.Percentile(0.5),8:0.00} {slice.Percentile(0.99),8:0.00} {(slice.BytesPerRequest - bare) / 1024,9:0.0}");
}
