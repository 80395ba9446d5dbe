using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SecureShop.SystemTests.Support;

/// <summary>AppHost as a process of its own, as at a prompt, on ports that it draws itself.</summary>
public sealed class AppHostRun : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(
        Projects.AppHost.ProjectPath, "bin", typeof(Projects.AppHost).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        $"net{Environment.Version.ToString(2)}", "AppHost.dll");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    // Two seconds where nothing else runs; the bench measures it. Here it only has to end, however busy the machine is.
    private static readonly TimeSpan PatienceToStop = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> output = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;
    private readonly string data;

    private AppHostRun(RunFolder folder, string[] options)
    {
        data = folder.Data;
        string[] arguments =
        [
            "exec", Program, "--data-dir", data, "--Ports:Shop", "0", "--Ports:Identity", "0", "--Ports:Plain", "0",
            "--Ports:Dashboard", "0", "--Ports:Otlp", "0", "--Ports:Resources", "0", .. options,
        ];

        // A process group of its own, as a shell makes one: Ctrl+C reaches all of it.
        var start = OperatingSystem.IsLinux() ? new ProcessStartInfo("setsid", ["dotnet", .. arguments]) : new("dotnet", arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) = (true, true, false);
        (start.Environment["DOTNET_ENVIRONMENT"], start.Environment[RunFolder.Variable]) = ("Development", folder.Path);
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += KillWithUs;
    }

    public Place Place => new(data, AddressOf("Shop"), AddressOf("Identity"), AddressOf("Mail"));

    public IEnumerable<string> Output => output;

    public int ExitCode => process.ExitCode;

    /// <summary>Starts it and waits until it greets.</summary>
    public static async Task<AppHostRun> StartAsync(RunFolder folder, params string[] options)
    {
        var run = new AppHostRun(folder, options);
        try
        {
            await Task.WhenAny(run.ready.Task, run.process.WaitForExitAsync()).WaitAsync(Patience);
            return run.ready.Task.IsCompleted ? run : throw new InvalidOperationException($"AppHost ended:{Environment.NewLine}{run.Tail()}");
        }
        catch (Exception failure)
        {
            await run.DisposeAsync();
            throw new InvalidOperationException($"AppHost did not come up:{Environment.NewLine}{run.Tail()}", failure);
        }
    }

    /// <summary>Starts one that is expected to end by itself.</summary>
    public static async Task<AppHostRun> RunToEndAsync(RunFolder folder, string[] options)
    {
        var run = new AppHostRun(folder, options);
        await run.EndedAsync(Patience);
        return run;
    }

    /// <summary>Ctrl+C at the prompt.</summary>
    public async Task InterruptAsync()
    {
        await SignalAsync("-INT", OperatingSystem.IsLinux() ? -process.Id : process.Id);
        await EndedAsync(PatienceToStop);
    }

    /// <summary>What service managers and containers send.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("-TERM", process.Id);
        await EndedAsync(PatienceToStop);
    }

    /// <summary>As the out-of-memory killer does: AppHost gets no chance to clean up.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: false);
        await EndedAsync(PatienceToStop);
    }

    /// <summary>Asserts that it ended with exit code 1 and one sentence, without a stack.</summary>
    public void AssertEndedWith(string sentence)
    {
        Assert.Equal(1, ExitCode);
        var last = output.Last(line => line.Length > 0);
        Assert.Contains(sentence, last, StringComparison.Ordinal);
        Assert.DoesNotContain(output, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillWithUs;
        try
        {
            if (!process.HasExited)
                await StopAsync();
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task EndedAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"AppHost did not end within {patience.TotalSeconds} s:{Environment.NewLine}{Tail()}", late);
        }
    }

    private static async Task SignalAsync(string signal, int id)
    {
        using var kill = Process.Start("kill", [signal, "--", id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private Uri AddressOf(string name) => new(output
        .Select(line => Regex.Match(line, $"^  {name} +(https://[^ ]+)$", RegexOptions.None, TimeSpan.FromSeconds(1)))
        .First(match => match.Success).Groups[1].Value);

    private void Hear(string? line)
    {
        if (line is null)
            return;
        output.Enqueue(line);

        // The last line of the greeting.
        if (line.StartsWith("  Browsers ", StringComparison.Ordinal))
            ready.TrySetResult();
    }

    private string Tail() => string.Join(Environment.NewLine, output.TakeLast(40));

    private void KillWithUs(object? sender, EventArgs args) => process.Kill(entireProcessTree: false);
}
