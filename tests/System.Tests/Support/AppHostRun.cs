using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace SecureShop.SystemTests.Support;

/// <summary>One run of the built AppHost, as a process of its own on ports of its own.</summary>
public sealed class AppHostRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PatienceToStop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<string> output = new();
    private readonly Process process;

    private AppHostRun(AppHostPlace place, Uri? collector)
    {
        Place = place;
        File.Delete(place.ReadyPath);
        // Whoever brings a receiver of telemetry gets all of it: the dashboard would take its place.
        string[] receiver = collector is null ? [] : ["--no-dashboard"];
        var start = new ProcessStartInfo("dotnet", [AppHostPlace.Program, .. place.Arguments, .. receiver])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["NO_COLOR"] = "1", ["DOTNET_ENVIRONMENT"] = "Development", ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "" },
        };
        if (collector is not null)
        {
            // Every trace, however fast they begin: a search of a sample would prove nothing.
            start.Environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = collector.GetLeftPart(UriPartial.Authority);
            start.Environment["Telemetry__TracesPerSecond"] = "100000";
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += KillWithUs;
    }

    public AppHostPlace Place { get; }

    public ReadyFile Ready { get; private set; } = null!;

    public IEnumerable<string> Output => output;

    public int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Starts it and waits until it says that all is healthy.</summary>
    public static async Task<AppHostRun> StartAsync(AppHostPlace place, Uri? collector = null)
    {
        var run = new AppHostRun(place, collector);
        try
        {
            await run.UntilAsync(() => File.Exists(place.ReadyPath) || run.process.HasExited, "AppHost is ready", Patience);
            if (run.process.HasExited)
                throw new InvalidOperationException($"AppHost ended:{Environment.NewLine}{run.Tail()}");
            run.Ready = await ReadyFile.ReadAsync(place.ReadyPath);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one that is expected to end by itself.</summary>
    public static async Task<AppHostRun> RunToEndAsync(AppHostPlace place)
    {
        var run = new AppHostRun(place, collector: null);
        await run.EndedAsync();
        return run;
    }

    public async Task UntilAsync(Func<bool> happened, string what, TimeSpan? patience = null)
    {
        var began = Stopwatch.GetTimestamp();
        while (!happened())
        {
            if (Stopwatch.GetElapsedTime(began) > (patience ?? Patience))
                throw new TimeoutException($"Waited in vain for: {what}. AppHost said last:{Environment.NewLine}{Tail()}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>As Ctrl+C does.</summary>
    public async Task StopAsync()
    {
        if (!process.HasExited)
            await SignalAsync("-TERM", process.Id);
        await EndedAsync();
    }

    /// <summary>As the out-of-memory killer does: AppHost gets no chance to clean up.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: false);
        await EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillWithUs;
        try
        {
            await StopAsync();
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task EndedAsync()
    {
        using var patience = new CancellationTokenSource(PatienceToStop);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"AppHost did not end within {PatienceToStop.TotalSeconds} s:{Environment.NewLine}{Tail()}", late);
        }
    }

    private static async Task SignalAsync(string signal, int id)
    {
        if (OperatingSystem.IsWindows())
        {
            using var windows = Process.GetProcessById(id);
            windows.Kill(entireProcessTree: false);
            return;
        }

        using var kill = Process.Start("kill", [signal, id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void Hear(string? line)
    {
        if (line is not null)
            output.Enqueue(line);
    }

    private string Tail() => string.Join(Environment.NewLine, output.TakeLast(40));

    private void KillWithUs(object? sender, EventArgs args) => process.Kill(entireProcessTree: false);
}

/// <summary>Where a run keeps its data and listens; the same place can be started again.</summary>
public sealed record AppHostPlace(string Directory, int ShopPort, int IdentityPort, int PlainPort, int DashboardPort, int OtlpPort)
{
    public static string Program { get; } = Path.GetFullPath(typeof(AppHostPlace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "AppHost").Value!);

    public string ReadyPath => Path.Combine(Directory, "ready.json");

    public Uri Shop => new($"https://localhost:{ShopPort}");

    public Uri Identity => new($"https://localhost:{IdentityPort}");

    public Uri Plain => new($"http://localhost:{PlainPort}");

    public Uri Dashboard => new($"https://127.0.0.1:{DashboardPort}");

    public IReadOnlyList<string> Arguments =>
    [
        "--data-dir", Path.Combine(Directory, "data"), "--ready-file", ReadyPath,
        "--Ports:Shop", Text(ShopPort), "--Ports:Identity", Text(IdentityPort), "--Ports:Plain", Text(PlainPort),
        "--Ports:Dashboard", Text(DashboardPort), "--Ports:Otlp", Text(OtlpPort),
    ];

    public static AppHostPlace Create()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("secureshop-system-").FullName;

        // Where tests run as root, Postgres does not: it has to be able to walk through here.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var ports = FreePorts.Take(5);
        return new(directory, ports[0], ports[1], ports[2], ports[3], ports[4]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
