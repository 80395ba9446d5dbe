using System.Diagnostics;
using System.Text.RegularExpressions;
using SecureShop.Testing;

namespace SecureShop.Bench.Catalog;

/// <summary>A process of its own that listens on a port that it chose.</summary>
internal sealed partial class Part : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Process running;

    private Part(Process process, Uri address) => (running, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>CPU seconds so far.</summary>
    public double Cpu()
    {
        running.Refresh();
        return running.TotalProcessorTime.TotalSeconds;
    }

    public static async Task<Part> StartAsync(IEnumerable<string> program, IEnumerable<(string Name, string Value)> settings)
    {
        var start = Start(program, settings.Concat(
        [
            ("ASPNETCORE_URLS", "https://127.0.0.1:0"),
            ("Kestrel__Certificates__Default__Path", TestCertificate.Files.CertificatePath),
            ("Kestrel__Certificates__Default__KeyPath", TestCertificate.Files.KeyPath),
        ]));
        var process = Process.Start(start)!;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var lines = new List<string>();
        process.OutputDataReceived += (_, line) =>
        {
            lines.Add(line.Data ?? "");
            if (Listening().Match(line.Data ?? "") is { Success: true } listening)
                address.TrySetResult(new($"https://localhost:{listening.Groups["port"].Value}"));
        };
        process.BeginOutputReadLine();
        if (await Task.WhenAny(address.Task, process.WaitForExitAsync()).WaitAsync(Patience) != address.Task)
            throw new InvalidOperationException($"A part ended: {string.Join(Environment.NewLine, lines)}");
        return new(process, await address.Task);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(IEnumerable<string> program, IEnumerable<(string Name, string Value)> settings)
    {
        using var process = Process.Start(Start(program, settings))!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', program)} ended with {process.ExitCode}: {said}");
    }

    public async ValueTask DisposeAsync()
    {
        running.Kill();
        await running.WaitForExitAsync();
        running.Dispose();
    }

    private static ProcessStartInfo Start(IEnumerable<string> program, IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", program) { WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return start;
    }

    [GeneratedRegex("Now listening on: https://(127.0.0.1|localhost):(?<port>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
