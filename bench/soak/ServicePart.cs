using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.Bench.Soak;

/// <summary>Starts a service as it ships, on https and a port of its choice; it ends with this process.</summary>
internal static partial class ServicePart
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // No variables: a shell between lets none through that has a dot in its name.
    private static readonly string[] Quiet = ["--Logging:LogLevel:Default=Error", "--Logging:LogLevel:SecureShop.Security=None", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information"];

    public static async Task<Running> StartAsync(IReadOnlyList<string> program, IEnumerable<(string Name, string? Value)> settings, Action<string>? hear = null)
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = await ServerProcess.StartAsync(Command([.. program, .. Quiet], settings), "TERM", line =>
        {
            hear?.Invoke(line);
            if (Listening().Match(line) is { Success: true } listening)
                port.TrySetResult(int.Parse(listening.Groups["port"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
        });
        if (await Task.WhenAny(port.Task, process.Exited, Task.Delay(Patience)) == port.Task)
            return new(process.Id, await port.Task, process);
        await process.DisposeAsync();
        throw new InvalidOperationException($"{program[0]} does not listen: {string.Join(Environment.NewLine, process.Lines)}");
    }

    /// <summary>Runs a program to its end. Answers what it said, and how it ended.</summary>
    public static async Task<(int Code, string Said)> RunAsync(IReadOnlyList<string> program, IEnumerable<(string Name, string? Value)> settings)
    {
        var command = Command(program, settings);
        command.RedirectStandardOutput = true;
        using var process = Process.Start(command)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    private static ProcessStartInfo Command(IReadOnlyList<string> program, IEnumerable<(string Name, string? Value)> settings)
    {
        var folder = Path.Combine(Of("Projects"), program[0], Of("Output"));
        var command = new ProcessStartInfo(DotNetHost.Program, [Path.Combine(folder, $"{program[0]}.dll"), .. program.Skip(1)]) { WorkingDirectory = folder };
        (string, string?)[] common =
        [
            ("ASPNETCORE_URLS", "https://127.0.0.1:0"), ("Kestrel__Certificates__Default__Path", TestCertificate.Files.CertificatePath),
            ("Kestrel__Certificates__Default__KeyPath", TestCertificate.Files.KeyPath),
        ];
        foreach (var (name, value) in common.Concat(settings))
            command.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return command;
    }

    private static string Of(string name)
        => typeof(ServicePart).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == name).Value!;

    [GeneratedRegex("Now listening on: https://(127.0.0.1|localhost):(?<port>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
