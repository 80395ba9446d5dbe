using System.Diagnostics;
using System.Threading.Channels;

namespace SecureShop.EmbeddedServers.Tests;

/// <summary>Nothing outlives the process that started it, whichever process is killed.</summary>
public sealed class ServerProcessTests(Running running)
{
    private const string ReportTo = "SECURESHOP_VICTIM_REPORT";
    private const string Obedient = "trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.1; done";
    private const string Stubborn = "trap '' TERM INT HUP; echo ready; while :; do sleep 0.1; done";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asked_to_stop_a_server_may_finish()
    {
        var server = await StartAsync(Obedient);
        var family = ProcessTable.Family(ProcessTable.ParentOf(server.Id));
        await server.DisposeAsync();
        Assert.Equal("bye", await NextAsync());
        Assert.Empty(await ProcessTable.SurvivorsAsync(family));
    }

    [Fact]
    public async Task What_does_not_stop_is_killed()
    {
        var server = await StartAsync(Stubborn);
        var family = ProcessTable.Family(ProcessTable.ParentOf(server.Id));
        await server.DisposeAsync();
        Assert.Empty(await ProcessTable.SurvivorsAsync(family));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_server_or_the_shell_that_keeps_it_is_killed_neither_stays(bool shell)
    {
        await using var server = await StartAsync(Stubborn);
        var family = ProcessTable.Family(ProcessTable.ParentOf(server.Id));
        using (var victim = Process.GetProcessById(shell ? ProcessTable.ParentOf(server.Id) : server.Id))
            victim.Kill();
        await server.Exited.WaitAsync(Limit, Cancellation);
        Assert.Empty(await ProcessTable.SurvivorsAsync(family));
    }

    [Fact]
    public async Task Kill_9_of_this_process_leaves_no_server_no_worker_of_Postgres_and_no_shell()
    {
        var folder = Directory.CreateTempSubdirectory("secureshop-victim-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var report = Path.Combine(folder, "report");
        using var victim = StartVictim(report);
        try
        {
            var start = TimeProvider.System.GetTimestamp();
            while (!File.Exists(report))
            {
                Assert.False(victim.HasExited, victim.HasExited ? await victim.StandardOutput.ReadToEndAsync(Cancellation) : "");
                Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, "The victim did not report.");
                await Task.Delay(50, Cancellation);
            }

            // The victim, three servers with their shells, and five workers of Postgres at least.
            var family = ProcessTable.Family(victim.Id);
            Assert.InRange(family.Count, 12, 100);

            victim.Kill();

            Assert.Empty(await ProcessTable.SurvivorsAsync(family));
        }
        finally
        {
            victim.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Not a test: the process that the test above kills, with servers of all kinds.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var report = Environment.GetEnvironmentVariable(ReportTo);
        Assert.SkipWhen(report is null, "Only the test of kill -9 runs this.");
        await using var stubborn = await StartAsync(Stubborn);
        Assert.NotEqual(running.Postgres.Port, running.Redis.Port);
        await File.WriteAllTextAsync(report, "ready", Cancellation);
        await Task.Delay(Timeout.Infinite, Cancellation);
    }

    [Fact]
    public async Task Arguments_reach_the_server_as_they_are()
    {
        const string hostile = "a b; echo $HOME `id` \"q\" 'r' \\ *";
        await using var server = await ServerProcess.StartAsync(new("/usr/bin/printf", ["%s\\n", hostile]), "TERM", line => _lines.Writer.TryWrite(line));
        Assert.Equal(hostile, await NextAsync());
    }

    private async Task<ServerProcess> StartAsync(string script)
    {
        var server = await ServerProcess.StartAsync(new("/bin/sh", ["-c", script]), "TERM", line => _lines.Writer.TryWrite(line));
        Assert.Equal("ready", await NextAsync());
        return server;
    }

    private async Task<string> NextAsync() => await _lines.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(Limit, Cancellation);

    private static Process StartVictim(string report)
    {
        string[] arguments = ["-explicit", "only", "-method", $"{typeof(ServerProcessTests).FullName}.{nameof(Victim)}"];
        return Process.Start(new ProcessStartInfo(Path.ChangeExtension(typeof(ServerProcessTests).Assembly.Location, null), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            // Its fixtures' folders, too: it will have no chance to delete them.
            Environment = { [ReportTo] = report, ["TMPDIR"] = Path.GetDirectoryName(report) },
        })!;
    }
}
