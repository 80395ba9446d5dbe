using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecureShop.AppHost;

/// <summary>Tells on the console how far the start has come, what stands at its end, and what changes later.</summary>
internal sealed class StartReport(DistributedApplication app, TextWriter console, Welcome welcome)
{
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly int _expected = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Count(ResourcePhase.IsPart);
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private bool _tableShown;

    // For people; not in a file, nor against their wish (https://no-color.org).
    private static bool Coloured { get; } = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private double Seconds => TimeProvider.System.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Aspire's own lines, of which the report takes the place.</summary>
    public static void Quieten(IDistributedApplicationBuilder builder) => builder.Services.AddLogging(logging => logging
        .AddFilter("Aspire.Hosting", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
        .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)

        // A stop during the start is told as a failure; a real one is thrown by RunAsync as well.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)

        // "Only trusted by some clients": by .NET's, which are all that the system has.
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServer", LogLevel.Error));

    /// <summary>Reports until the host stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var told in app.ResourceNotifications.WatchAsync(stop))
        {
            welcome.Notice(told);
            if (!ResourcePhase.IsPart(told.Resource))
                continue;
            var row = _rows.TryGetValue(told.ResourceId, out var known) ? known : _rows[told.ResourceId] = new(told.Resource.Name);
            row.Urls = told.Snapshot.Urls;
            if (ResourcePhase.Of(told.Snapshot) is not { } phase || phase == row.Phase)
                continue;
            (row.Phase, row.After) = (phase, Seconds);
            WriteLine($"{row.After,6:0.0} s  {row.Name,-12}{(row.IsReady && phase != ResourcePhase.Running ? Green(phase) : Bold(phase))}");
            if (!_tableShown && _rows.Count == _expected && _rows.Values.All(each => each.IsReady))
                await ShowTableAsync(stop);
        }
    }

    private async Task ShowTableAsync(CancellationToken stop)
    {
        _tableShown = true;
        WriteLine($"\n{Bold($"  {"Resource",-12}{"State",-10}{"After",8}  Addresses")}");
        foreach (var row in _rows.Values.OrderBy(row => row.After))
            WriteLine($"  {row.Name,-12}{row.Phase,-10}{row.After,6:0.0} s  {string.Join("  ", row.Urls.Select(url => url.Url))}");
        WriteLine($"\n{Bold(string.Create(CultureInfo.InvariantCulture, $"  All ready after {Seconds:0.0} s. Ctrl+C stops everything."))}\n");
        await console.WriteLineAsync((await welcome.WriteAsync(stop)).AsMemory(), stop);
    }

    private static string Green(string text) => Coloured ? $"\e[1;32m{text}\e[0m" : text;

    private static string Bold(string text) => Coloured ? $"\e[1m{text}\e[0m" : text;

    private void WriteLine(FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed class Row(string name)
    {
        public string Name => name;

        public string? Phase { get; set; }

        public double After { get; set; }

        public IReadOnlyList<UrlSnapshot> Urls { get; set; } = [];

        public bool IsReady => Phase is ResourcePhase.Running or ResourcePhase.Healthy or ResourcePhase.Done;
    }
}
