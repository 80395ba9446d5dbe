using System.Diagnostics;
using System.Net.Sockets;
using SecureShop.StandIns.AspireDashboard;
using SecureShop.StandIns.AspireHosting;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class CommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stopped_stays_down_until_it_is_started_and_who_needs_it_goes_on()
    {
        using var model = new Model();
        var back = model.AddService("back");
        var front = model.AddService("front").WaitFor(back);

        await model.RunUntilReadyAsync(front, async () =>
        {
            var (before, other) = (await back.PidAsync(), await front.PidAsync());
            Assert.Null(await model.TellAsync("back", ResourceCommand.Stop));
            await model.UntilAsync("back", "stopped");
            Assert.Null(await back.TryPidAsync());
            Assert.Contains("back     | service stops", model.Output, StringComparison.Ordinal);
            var replica = Assert.Single(model.Of("back").Replicas);
            Assert.Equal(("stopped", null, 0), (replica.State, replica.ProcessId, replica.ExitCode));
            Assert.Equal([ResourceCommand.Start], model.Of("back").Commands);
            Assert.Equal("back is stopped; it can be started.", await model.TellAsync("back", ResourceCommand.Stop));
            Assert.Equal(other, await front.PidAsync());

            Assert.Null(await model.TellAsync("back", ResourceCommand.Start));
            await model.UntilAsync("back", "healthy");
            Assert.NotEqual(before, await back.PidAsync());
            Assert.Equal(0, model.Of("back").Restarts);
            Assert.Equal([ResourceCommand.Stop, ResourceCommand.Restart], model.Of("back").Commands);
        }, Cancellation);

        Assert.DoesNotContain("starting it again", model.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_restarts_at_once_one_is_done_and_the_others_are_told()
    {
        using var model = new Model();
        var back = model.AddService("back");

        await model.RunUntilReadyAsync(back, async () =>
        {
            var before = await back.PidAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => model.TellAsync("back", ResourceCommand.Restart), Cancellation)));

            Assert.Single(answers, answer => answer is null);
            Assert.All(answers.OfType<string>(), answer => Assert.Matches("^back is (stopping|starting); try again when it (has stopped|runs)\\.$", answer));
            await model.UntilAsync("back", "healthy");
            Assert.NotEqual(before, await back.PidAsync());
            Assert.Equal(1, model.Of("back").Restarts);
        }, Cancellation);
    }

    [Fact]
    public async Task A_killed_process_is_replaced_counted_and_told()
    {
        using var model = new Model();
        var back = model.AddService("back");

        await model.RunUntilReadyAsync(back, async () =>
        {
            var before = await back.PidAsync();
            Assert.Equal(before, model.Of("back").Replicas[0].ProcessId);
            using (var process = Process.GetProcessById(before))
                process.Kill();
            await Eventually.IsTrue(() => model.Of("back").Restarts == 1);
            await model.UntilAsync("back", "healthy");

            Assert.NotEqual(before, await back.PidAsync());
            Assert.Equal("back ended with exit code 137.", model.Of("back").LastProblem);
        }, Cancellation);
    }

    [Fact]
    public async Task A_restart_does_not_wait_for_the_pause_after_a_crash_and_a_stop_ends_it()
    {
        using var model = new Model();
        var fails = false;
        var back = model.AddService("back");
        back.WithEnvironment(context => context.EnvironmentVariables["CHILD"] = fails ? "job" : "service").WithEnvironment("JOB_EXIT", "5");
        var other = model.AddService("other").WaitFor(back);

        await model.RunUntilReadyAsync(other, async () =>
        {
            // It no longer comes up. That is shown, and ends neither AppHost nor the others.
            fails = true;
            Assert.Null(await model.TellAsync("back", ResourceCommand.Restart));
            await Eventually.IsTrue(() => model.Output.Contains("ended with exit code 5; starting it again in 4.0 s", StringComparison.Ordinal));
            Assert.Equal("restarting", model.Of("back").State);
            Assert.Equal("back ended with exit code 5.", model.Of("back").LastProblem);
            Assert.NotNull(await other.TryPidAsync());
            Assert.Contains("about to start again by itself", await model.TellAsync("back", ResourceCommand.Start), StringComparison.Ordinal);

            fails = false;
            var clock = Stopwatch.StartNew();
            Assert.Null(await model.TellAsync("back", ResourceCommand.Restart));
            await model.UntilAsync("back", "healthy");
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));

            await back.CrashAsync();
            await model.UntilAsync("back", "restarting");
            Assert.Null(await model.TellAsync("back", ResourceCommand.Stop));
            await model.UntilAsync("back", "stopped");
        }, Cancellation);
    }

    [Fact]
    public async Task A_job_is_run_once_more_and_what_it_then_does_ends_nobody()
    {
        using var model = new Model();
        var code = "0";
        var job = model.AddJob("job");
        job.WithEnvironment(context => context.EnvironmentVariables["JOB_EXIT"] = code);
        var back = model.AddService("back").WaitForCompletion(job);

        await model.RunUntilReadyAsync(back, async () =>
        {
            Assert.Equal(("job", "finished", 0), (model.Of("job").Kind, model.Of("job").State, model.Of("job").Replicas[0].ExitCode));
            Assert.Equal("job has ended; start it to run it once more.", await model.TellAsync("job", ResourceCommand.Stop));

            code = "3";
            Assert.Null(await model.TellAsync("job", ResourceCommand.Start));
            await model.UntilAsync("job", "failed");
            Assert.Equal("job failed with exit code 3.", model.Of("job").LastProblem);

            code = "0";
            Assert.Null(await model.TellAsync("job", ResourceCommand.Start));
            await model.UntilAsync("job", "finished");
            Assert.Equal(3, model.Output.Split("the job says hello").Length - 1);
            Assert.NotNull(await back.TryPidAsync());
        }, Cancellation);
    }

    [Fact]
    public async Task Replicas_stop_and_start_together_and_their_address_answers_nothing_meanwhile()
    {
        using var model = new Model();
        var back = model.AddService("back", replicas: 2);

        await model.RunUntilReadyAsync(back, async () =>
        {
            Assert.Equal(["back-1", "back-2"], model.Of("back").Replicas.Select(replica => replica.Name));
            Assert.Null(await model.TellAsync("back", ResourceCommand.Stop));
            await model.UntilAsync("back", "stopped");

            // Another program on the port of a replica does not get its callers.
            var port = back.GetEndpoint("http").EndpointAnnotation.AllocatedTargetPorts[0];
            using var thief = new TcpListener(System.Net.IPAddress.Loopback, port);
            thief.Start();
            for (var i = 0; i < 4; i++)
                Assert.Null(await back.TryPidAsync());
            Assert.False(thief.Pending());
            thief.Stop();

            Assert.Null(await model.TellAsync("back", ResourceCommand.Start));
            await model.UntilAsync("back", "healthy");
            HashSet<int> pids = [await back.PidAsync(), await back.PidAsync(), await back.PidAsync(), await back.PidAsync()];
            Assert.Equal(model.Of("back").Replicas.Select(replica => replica.ProcessId!.Value).Order(), pids.Order());
        }, Cancellation);
    }

    [Fact]
    public async Task Who_waits_takes_no_command_and_what_was_stopped_before_it_was_ready_is_waited_for_again()
    {
        using var model = new Model();
        var back = model.AddService("back");
        var flag = Path.Combine(model.Folder, "healthy");
        back.WithEnvironment("HEALTHY_WHEN", flag);
        var front = model.AddService("front").WaitFor(back);

        var running = model.RunUntilReadyAsync(front, () => Task.CompletedTask, Cancellation);
        await Eventually.IsTrue(() => model.Board is not null && model.Of("back").State == "running");
        Assert.Equal("front waits for others; try again when it runs.", await model.TellAsync("front", ResourceCommand.Restart));
        Assert.Equal(["back"], model.Of("front").WaitsFor);
        Assert.Null(await model.TellAsync("back", ResourceCommand.Stop));
        await model.UntilAsync("back", "stopped");
        Assert.Equal("waiting", model.Of("front").State);

        await File.WriteAllTextAsync(flag, "", Cancellation);
        Assert.Null(await model.TellAsync("back", ResourceCommand.Start));
        await running;
        Assert.Contains("All healthy", model.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_end_has_begun_no_command_is_taken_and_what_is_unknown_is_refused()
    {
        using var model = new Model();
        await model.RunUntilReadyAsync(
            model.AddService("back"), async () => Assert.Equal("There is no such resource.", await model.TellAsync("nobody", ResourceCommand.Stop)), Cancellation);

        Assert.Equal("AppHost is stopping.", await model.TellAsync("back", ResourceCommand.Start));
        Assert.Equal("stopped", model.Of("back").State);
    }

    [Fact]
    public async Task A_restart_that_the_end_overtakes_starts_nothing()
    {
        using var model = new Model();
        var back = model.AddService("back");
        await model.RunUntilReadyAsync(back, async () => Assert.Null(await model.TellAsync("back", ResourceCommand.Restart)), Cancellation);

        Assert.Null(await back.TryPidAsync());
        Assert.Equal("stopped", model.Of("back").State);
    }
}
