using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SecureShop.StandIns.AspireHosting.Processes;

namespace SecureShop.AppHost.Tests.Orchestration;

/// <summary>A whole AppHost as a process of its own, as users start it.</summary>
public sealed partial class TinyHostTests : IDisposable
{
    /// <summary>In milliseconds: a host that does not end fails its test and not the whole run.</summary>
    private const int Patience = 120_000;

    private readonly TinyHostProcess _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Help_explains_and_starts_nothing()
    {
        using var host = Start("--help");

        Assert.Contains("--fresh", await host.StandardOutput.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await TinyHostProcess.EndAsync(host));
        Assert.Empty(Directory.GetFileSystemEntries(_host.Folder));
    }

    [Fact]
    public async Task An_unknown_option_ends_it_with_one_line()
    {
        using var host = Start("--fersh");

        Assert.Equal($"--fersh is not an option. Did you mean --fresh? --help explains all of them.{Environment.NewLine}", await host.StandardError.ReadToEndAsync(Cancellation));
        Assert.Equal(1, await TinyHostProcess.EndAsync(host));
    }

    [Fact]
    public async Task A_failed_job_ends_it_with_exit_code_1_and_no_stack()
    {
        using var host = Start("--Parameters:job-exit", "9");

        var errors = await host.StandardError.ReadToEndAsync(Cancellation);
        Assert.StartsWith("job failed with exit code 9", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Equal(1, await TinyHostProcess.EndAsync(host));
    }

    [Fact]
    public async Task A_broken_data_folder_is_told()
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Folder, "file"), "", Cancellation);
        using var host = Start("--data-dir", Path.Combine(_host.Folder, "file", "below"));

        Assert.Contains("choose another with --data-dir", await host.StandardError.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(1, await TinyHostProcess.EndAsync(host));
    }

    [Fact(Timeout = Patience)]
    public async Task Two_hosts_do_not_share_a_data_folder()
    {
        using var first = Start();
        await ServicePidAsync(first);
        using var second = Start();

        Assert.StartsWith("Another AppHost uses the data folder", await second.StandardError.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(1, await TinyHostProcess.EndAsync(second));
        await TinyHostProcess.SignalAsync(first, "INT");
        Assert.Equal(0, await TinyHostProcess.EndAsync(first));
    }

    [Theory(Timeout = Patience)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_stops_everything_within_five_seconds(string signal)
    {
        using var host = Start("--Ports:Shop", LoopbackPort.Free().ToString(CultureInfo.InvariantCulture));
        var service = await ServicePidAsync(host);

        var clock = Stopwatch.StartNew();
        await TinyHostProcess.SignalAsync(host, signal);
        var rest = await host.StandardOutput.ReadToEndAsync(Cancellation);
        Assert.Equal(0, await TinyHostProcess.EndAsync(host));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("service stops", rest, StringComparison.Ordinal);
        Assert.False(TinyHostProcess.IsRunning(service));
    }

    [Fact(Timeout = Patience)]
    public async Task Nothing_outlives_a_host_that_is_killed()
    {
        using var host = Start("--replicas", "2");
        var service = await ServicePidAsync(host);

        host.Kill();
        await TinyHostProcess.EndAsync(host);

        while (TinyHostProcess.IsRunning(service))
            await Task.Delay(20, Cancellation);
    }

    public void Dispose() => _host.Dispose();

    private Process Start(params string[] args) => _host.Start([.. args, "--no-dashboard"]);

    private static async Task<int> ServicePidAsync(Process host)
    {
        int? pid = null;
        while (await host.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            if (Pid().Match(line) is { Success: true } match)
                pid = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            if (line.Contains("All healthy", StringComparison.Ordinal))
                return pid ?? throw new InvalidOperationException("The service has not said its process id.");
        }

        throw new InvalidOperationException(await host.StandardError.ReadToEndAsync(Cancellation));
    }

    [GeneratedRegex(@"service (\d+) starts")]
    private static partial Regex Pid();
}
