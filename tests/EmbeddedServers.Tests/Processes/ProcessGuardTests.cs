using System.Diagnostics;
using SecureShop.EmbeddedServers;
using SecureShop.Testing;

namespace SecureShop.AppHost.Tests.Processes;

public sealed class ProcessGuardTests(PostgresFixture postgres)
{
    private const string ReportTo = "SECURESHOP_VICTIM_REPORT";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_9_leaves_no_child_no_grandchild_and_no_worker_of_Postgres()
    {
        var folder = Directory.CreateTempSubdirectory("secureshop-victim-").FullName;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var report = Path.Combine(folder, "report");
        using var victim = StartVictim(report);
        try
        {
            var family = await ReportedAsync(report, victim);
            // The victim, its guardian, two children, a grandchild in another session, Postgres and five workers at least.
            Assert.InRange(family.Count(process => process.Lives), 10, 100);

            victim.Kill();

            Assert.Empty(await ProcessTable.SurvivorsAsync(family));
        }
        finally
        {
            victim.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Not a test: the process that the test above kills, with children of all kinds.</summary>
    [Fact(Explicit = true)]
    public async Task Victim()
    {
        var report = Environment.GetEnvironmentVariable(ReportTo);
        Assert.SkipWhen(report is null, "Only the test of kill -9 runs this.");
        using var guard = ProcessGuard.Start();
        var lines = new LineQueue();
        await using var obedient = Shell.Start(guard, "setsid sleep 1000 & echo ready; wait", lines);
        await using var stubborn = Shell.Start(guard, "trap '' TERM INT HUP; echo ready; sleep 1000", lines);
        await lines.NextAsync();
        await lines.NextAsync();
        Assert.NotEmpty(postgres.ConnectionString("postgres"));
        await File.WriteAllTextAsync(report, "ready", Cancellation);
        await Task.Delay(Timeout.Infinite, Cancellation);
    }

    [Fact]
    public async Task A_recycled_process_id_is_not_killed()
    {
        using var bystander = Process.Start("sleep", "1000");
        try
        {
            int childId;
            using (var guard = ProcessGuard.Start())
            {
                guard.Watch(new ProcessIdentity(bystander.Id, "1"), StopSignal.Terminate);
                childId = Shell.Start(guard, "sleep 1000", new()).Id;
            }

            Assert.Null(ProcessIdentity.Of(childId));
            Assert.NotNull(ProcessIdentity.Of(bystander.Id));
        }
        finally
        {
            bystander.Kill();
            await bystander.WaitForExitAsync(Cancellation);
        }
    }

    [Fact]
    public async Task When_the_guardian_is_killed_another_takes_over_the_whole_list()
    {
        var first = 0;
        using (var guard = ProcessGuard.Start())
        {
            first = Shell.Start(guard, "sleep 1000", new()).Id;
            using (var guardian = Process.GetProcessById(guard.Id))
            {
                guardian.Kill();
                await guardian.WaitForExitAsync(Cancellation);
            }

            _ = Shell.Start(guard, "sleep 1000", new()).Id;
        }

        Assert.Null(ProcessIdentity.Of(first));
    }

    [Fact]
    public async Task A_child_that_has_ended_is_forgotten()
    {
        using var guard = ProcessGuard.Start();
        var child = Shell.Start(guard, "exit 0", new());
        Assert.Equal(0, await child.Exited);
        guard.Forget(child.Id);
        Assert.NotNull(ProcessIdentity.Of(guard.Id));
    }

    private static Process StartVictim(string report)
    {
        string[] arguments = ["-explicit", "only", "-method", $"{typeof(ProcessGuardTests).FullName}.{nameof(Victim)}"];
        return Process.Start(new ProcessStartInfo(Path.ChangeExtension(typeof(ProcessGuardTests).Assembly.Location, null), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            // Its fixtures' folders, too: it will have no chance to delete them.
            Environment = { [ReportTo] = report, ["TMPDIR"] = Path.GetDirectoryName(report) },
        })!;
    }

    private static async Task<IReadOnlyList<ProcessIdentity>> ReportedAsync(string report, Process victim)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!File.Exists(report))
        {
            Assert.False(victim.HasExited, victim.HasExited ? await victim.StandardOutput.ReadToEndAsync(Cancellation) : "");
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, "The victim did not report.");
            await Task.Delay(50, Cancellation);
        }

        return ProcessTable.Family(victim.Id);
    }
}
