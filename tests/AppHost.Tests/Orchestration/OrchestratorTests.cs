using System.Net;
using System.Net.Http.Json;
using SecureShop.StandIns.AspireHosting;
using SecureShop.StandIns.AspireHosting.ApplicationModel;

namespace SecureShop.AppHost.Tests.Orchestration;

public sealed class OrchestratorTests
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler(), disposeHandler: true) { Timeout = TimeSpan.FromSeconds(10) };

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

        await Eventually(() => model.Output.Contains("back     | service", StringComparison.Ordinal));
        await Eventually(async () => (await Http.GetAsync(new Uri(back.GetEndpoint("http").Url + "/health/ready"), Cancellation)).StatusCode == HttpStatusCode.ServiceUnavailable);
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
            var before = await PidAsync(service);
            await CrashAsync(service);
            await Eventually(async () => await PidAsync(service) != before);
            await Eventually(() => model.Output.Contains("healthy again", StringComparison.Ordinal));
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
                pids.Add(await PidAsync(service));
            Assert.Equal(2, pids.Count);

            await CrashAsync(service);
            await Eventually(() => model.Output.Contains("ended with exit code 7", StringComparison.Ordinal));
            for (var i = 0; i < 4; i++)
                Assert.True(await PidAsync(service) > 0);
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
            await Eventually(() => File.Exists(path));
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
            var environment = await Http.GetFromJsonAsync<Dictionary<string, string>>(new Uri(service.GetEndpoint("http").Url + "/environment"), Cancellation);
            Assert.DoesNotContain("Parameters__other", environment!.Keys);
            Assert.Equal(service.GetEndpoint("http").Url, environment["ASPNETCORE_URLS"]);
            Assert.True(File.Exists(environment["SSL_CERT_FILE"]));
        }, Cancellation);
    }

    private static Task<int> PidAsync(IResourceBuilder<ProjectResource> service) => GetPidAsync(service, retry: true);

    private static async Task<int> GetPidAsync(IResourceBuilder<ProjectResource> service, bool retry)
    {
        // A connection of its own each time, so that the proxy takes the replicas in turn.
        using var request = new HttpRequestMessage(HttpMethod.Get, service.GetEndpoint("http").Url + "/pid");
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await Http.SendAsync(request, Cancellation);
            return await response.Content.ReadFromJsonAsync<int>(Cancellation);
        }
        catch (HttpRequestException) when (retry)
        {
            await Task.Delay(50, Cancellation);
            return await GetPidAsync(service, retry: true);
        }
    }

    private static async Task CrashAsync(IResourceBuilder<ProjectResource> service)
    {
        try
        {
            using var response = await Http.PostAsync(new Uri(service.GetEndpoint("http").Url + "/end"), null, Cancellation);
        }
        catch (HttpRequestException)
        {
            // It is gone before it could answer.
        }
    }

    private static Task Eventually(Func<bool> condition) => Eventually(() => Task.FromResult(condition()));

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(20, patience.Token);
        }
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
