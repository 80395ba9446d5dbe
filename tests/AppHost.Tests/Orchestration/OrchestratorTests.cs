using System.Net;
using System.Net.Http.Json;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class OrchestratorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_start_in_order_once_the_others_are_healthy_or_done_and_stop_in_reverse()
    {
        using var model = new Model();
        var job = model.AddJob("job");
        var back = model.AddService("back").WaitForCompletion(job);
        var flag = Path.Combine(model.Folder, "healthy");
        back.WithEnvironment("HEALTHY_WHEN", flag);
        var front = model.AddService("front").WaitFor(back);
        var running = model.RunUntilReadyAsync(front, () => Task.CompletedTask, Cancellation);

        await Eventually.IsTrue(() => model.Output.Contains("back     | service", StringComparison.Ordinal));
        await Eventually.IsTrue(async () => (await back.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("front    |", model.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(flag, "", Cancellation);
        await running;

        InOrder(model.Output, "job      | the job says hello", "back     | service", "front    | service", "All healthy", "Stopping", "stopped front", "stopped back");
    }

    [Fact]
    public async Task A_job_that_fails_ends_the_start_and_its_last_lines_are_told()
    {
        using var model = new Model();
        model.AddService("back").WaitForCompletion(model.AddJob("job", exitCode: 3));

        var problem = await Assert.ThrowsAsync<HostingException>(() => model.RunAsync(Cancellation));

        Assert.StartsWith("job failed with exit code 3, and the others wait for it.", problem.Message, StringComparison.Ordinal);
        Assert.Contains("the job says hello", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("back     |", model.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_crashes_is_started_again_and_that_is_said()
    {
        using var model = new Model();
        var service = model.AddService("back");

        await model.RunUntilReadyAsync(service, async () =>
        {
            var before = await service.PidAsync();
            await service.CrashAsync();
            await Eventually.IsTrue(async () => await service.PidAsync() != before);
            await Eventually.IsTrue(() => model.Output.Contains("healthy again", StringComparison.Ordinal));
        }, Cancellation);

        InOrder(model.Output, "All healthy", "ended with exit code 7; starting it again in 0.5 s", "healthy again");
    }

    [Fact]
    public async Task A_service_that_never_becomes_healthy_ends_the_start()
    {
        using var model = new Model();
        var service = model.AddService("back", replicas: 2).WithEnvironment("CHILD", "job").WithEnvironment("JOB_EXIT", "5");
        model.AddService("front").WaitFor(service);

        var problem = await Assert.ThrowsAsync<HostingException>(() => model.RunAsync(Cancellation));

        Assert.Matches(@"^back-[12] ended with exit code 5 3 times without becoming healthy\.", problem.Message);
        InOrder(model.Output, "starting it again in 0.5 s", "starting it again in 1.0 s");
        Assert.DoesNotContain("front    |", model.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_share_one_address_and_one_that_crashes_is_passed_over()
    {
        using var model = new Model();
        var service = model.AddService("back", replicas: 2);

        await model.RunUntilReadyAsync(service, async () =>
        {
            var pids = new HashSet<int>();
            for (var i = 0; i < 4; i++)
                pids.Add(await service.PidAsync());
            Assert.Equal(2, pids.Count);

            await service.CrashAsync();
            await Eventually.IsTrue(() => model.Output.Contains("ended with exit code 7", StringComparison.Ordinal));
            for (var i = 0; i < 4; i++)
                Assert.True(await service.PidAsync() > 0);
        }, Cancellation);

        Assert.Contains("back-1", model.Output, StringComparison.Ordinal);
        Assert.Contains("back-2", model.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ready_file_holds_addresses_and_values_for_its_owner_alone()
    {
        var path = Path.Combine(Path.GetTempPath(), $"ready-{Guid.NewGuid():N}.json");
        using var model = new Model("--ready-file", path);
        model.Builder.AddParameter("demo", new GenerateParameterDefault(), secret: true, persist: true);
        var service = model.AddService("back");

        await model.RunUntilReadyAsync(service, async () =>
        {
            await Eventually.IsTrue(() => File.Exists(path));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var text = await File.ReadAllTextAsync(path, Cancellation);
            Assert.Contains($"\"http\": \"{service.GetEndpoint("http").Url}\"", text, StringComparison.Ordinal);
            Assert.Contains("\"demo\": ", text, StringComparison.Ordinal);
        }, Cancellation);

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_child_is_not_told_what_is_for_this_process_alone()
    {
        Environment.SetEnvironmentVariable("Parameters__other", "secret of another");
        using var model = new Model();
        var service = model.AddService("back");

        await model.RunUntilReadyAsync(service, async () =>
        {
            using var answer = await service.GetAsync("/environment");
            var environment = await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>(Cancellation);
            Assert.DoesNotContain("Parameters__other", environment!.Keys);
            Assert.Equal(service.GetEndpoint("http").Url, environment["ASPNETCORE_URLS"]);
            Assert.True(File.Exists(environment["SSL_CERT_FILE"]));
        }, Cancellation);
    }

    private static void InOrder(string text, params string[] wanted)
    {
        var from = 0;
        foreach (var part in wanted)
        {
            var at = text.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{part}' is missing or too early in:{Environment.NewLine}{text}");
            from = at + part.Length;
        }
    }
}
