using System.Diagnostics;
using System.Reflection;
using SecureShop.Testing;
using StreamJsonRpc;

[assembly: AssemblyFixture(typeof(SecureShop.Infra.Tests.Bicep))]

namespace SecureShop.Infra.Tests;

/// <summary>The real compiler, at the version of Directory.Packages.props: one process for all tests, since starting one takes longest.</summary>
public sealed class Bicep : IAsyncLifetime
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE", "SystemRoot"];
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private Process? _process;
    private JsonRpc? _compiler;

    internal static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>The resources that a deployment would make, with every expression evaluated that needs no subscription.</summary>
    internal async Task<string> EvaluateAsync(string parameters)
    {
        var group = parameters.EndsWith("main.bicepparam", StringComparison.Ordinal) ? null : "rg-trial";
        var answer = await _compiler!.InvokeWithCancellationAsync<Snapshot>(
            "bicep/getSnapshot",
            [new { path = parameters, metadata = new { subscriptionId = Subscription, resourceGroup = group, location = "westeurope" } }],
            TestContext.Current.CancellationToken);
        return answer.snapshot;
    }

    /// <summary>The compiled template, and what was found wrong with it.</summary>
    internal async Task<Compilation> CompileAsync(string template)
        => await _compiler!.InvokeWithCancellationAsync<Compilation>("bicep/compile", [new { path = template }], TestContext.Current.CancellationToken);

    /// <summary>Runs one command in a process of its own and returns all that it said; an empty text is one that found nothing wrong.</summary>
    internal static async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var output = await Command.RunAsync(Program(environment, arguments), Longest, TestContext.Current.CancellationToken);
        var said = output.Text.Trim();
        return output.ExitCode == 0 || said.Length > 0 ? said : $"bicep ended with {output.ExitCode} and said nothing.";
    }

    /// <summary>The same, for a parameter file in another environment than the usual one.</summary>
    internal static Task<string> EvaluateAsync(string parameters, IReadOnlyDictionary<string, string> environment) => RunAsync(
        environment, "snapshot", parameters, "--mode", "overwrite", "--subscription-id", Subscription, "--resource-group", "rg-trial", "--location", "westeurope");

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        var program = Program(Azd.Environment, "jsonrpc", "--stdio");
        program.RedirectStandardInput = program.RedirectStandardOutput = true;
        _process = Process.Start(program)!;
        _compiler = JsonRpc.Attach(_process.StandardInput.BaseStream, _process.StandardOutput.BaseStream);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _compiler?.Dispose();
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Program(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Metadata("Bicep"), arguments);

        // A developer's shell may have the variables of a real environment, which the templates must not find here.
        foreach (var name in start.Environment.Keys.Except(Inherited, StringComparer.OrdinalIgnoreCase).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private static string Metadata(string key) => typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;

    // Named as on the wire.
    private sealed record Snapshot(string snapshot);
}

/// <summary>What the compiler made of a template.</summary>
internal sealed record Compilation(bool success, string? contents);
