using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Deployment.Tests;

/// <summary>The Database job is run to its end, whatever the end is.</summary>
public sealed class DatabaseJobTests
{
    private const string Job = "Microsoft.App/jobs/job-database";
    private const string Execution = "job-database-x1";

    private static async Task<FakeAzure> AzureAsync(params string[] states)
    {
        var azure = await FakeAzure.StartAsync();
        var looks = 0;
        azure.Others[$"POST {Job}/start"] = context => FakeAzure.JsonAsync(context, new { name = Execution });
        azure.Others[$"GET {Job}/executions/{Execution}"] = context => states[Math.Min(looks++, states.Length - 1)] switch
        {
            "absent" => FakeAzure.ErrorAsync(context, 404, "JobExecutionNotFound", "Not found."),
            var status => FakeAzure.JsonAsync(context, new { name = Execution, properties = new { status, template = new { containers = new[] { new { name = "database" } } } } }),
        };
        return azure;
    }

    [Fact]
    public async Task It_waits_for_a_good_end_and_says_how_it_goes()
    {
        await using var azure = await AzureAsync("absent", "Processing", "Running", "Running", "Running", "Running", "Running", "Running", "Running", "Running", "Succeeded");

        var said = await azure.RunAsync("migrate");

        Assert.Equal(0, said.ExitCode);
        Assert.Equal([$"POST {Job}/start"], azure.Writes);
        Assert.Equal(
            [
                "Started job-database as job-database-x1",
                "  00:00  job-database-x1: not to be seen yet",
                "  00:05  job-database-x1: Processing",
                "  00:10  job-database-x1: Running",
                "  00:40  job-database-x1: Running",
                "job-database-x1: Succeeded",
            ],
            said.Output.TrimEnd().Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("Failed")]
    [InlineData("Stopped")]
    [InlineData("Degraded")]
    public async Task A_bad_end_is_a_failure_that_names_the_log(string end)
    {
        await using var azure = await AzureAsync("Running", end);

        var said = await azure.RunAsync("migrate");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains($"job-database-x1 ended as {end}", said.Error, StringComparison.Ordinal);
        Assert.Contains("'az containerapp job logs show --name job-database --resource-group rg-shop --execution job-database-x1 --container database'", said.Error, StringComparison.Ordinal);
        Assert.Contains("\"ContainerAppConsoleLogs | where ContainerGroupName startswith 'job-database-x1'", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_end_it_gives_up_after_half_an_hour()
    {
        await using var azure = await AzureAsync("Running");
        var begin = azure.Clock.GetUtcNow();

        var said = await azure.RunAsync("migrate");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("has not ended within 15 minutes and goes on", said.Error, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(15), azure.Clock.GetUtcNow() - begin);
    }

    [Fact]
    public async Task An_execution_that_never_shows_is_not_waited_for()
    {
        await using var azure = await AzureAsync("absent");
        var begin = azure.Clock.GetUtcNow();

        Assert.Equal(1, (await azure.RunAsync("migrate")).ExitCode);
        Assert.Equal(TimeSpan.FromMinutes(1), azure.Clock.GetUtcNow() - begin);
    }

    [Fact]
    public async Task Accepted_first_the_answer_is_fetched_where_Azure_says()
    {
        await using var azure = await AzureAsync("Succeeded");
        var looks = 0;
        azure.Others[$"POST {Job}/start"] = azure.Others["GET Microsoft.App/operations/7"] = context =>
        {
            if (++looks == 4)
                return FakeAzure.JsonAsync(context, new { name = Execution });
            context.Response.StatusCode = 202;
            context.Response.Headers.Location = $"{azure.Address}{FakeAzure.Group[1..]}Microsoft.App/operations/7?api-version=2025-07-01";
            return Task.CompletedTask;
        };

        Assert.Equal(0, (await azure.RunAsync("migrate")).ExitCode);
        Assert.Equal(3, azure.Requests.Count(request => request.EndsWith("operations/7", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://evil.example/operations/7")]
    public async Task Accepted_without_a_place_of_Azures_to_look_at_is_no_start(string location)
    {
        await using var azure = await AzureAsync("Succeeded");
        azure.Others[$"POST {Job}/start"] = context =>
        {
            context.Response.StatusCode = 202;
            if (location.Length > 0)
                context.Response.Headers.Location = location;
            return Task.CompletedTask;
        };

        var said = await azure.RunAsync("migrate");

        Assert.Equal(1, said.ExitCode);
        Assert.StartsWith("Cannot start the job job-database: ", said.Error, StringComparison.Ordinal);
        Assert.Single(azure.Requests);
    }

    [Theory]
    [InlineData(403, "AuthorizationFailed", "lacks the role Container Apps Jobs Operator")]
    [InlineData(404, "ResourceNotFound", "run 'azd provision' first")]
    public async Task A_job_that_may_not_be_started_is_told(int status, string code, string mend)
    {
        await using var azure = await AzureAsync("Succeeded");
        azure.Others[$"POST {Job}/start"] = context => FakeAzure.ErrorAsync(context, status, code, "No.");

        var said = await azure.RunAsync("migrate");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains(mend, said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_of_an_execution_that_leads_elsewhere_is_not_followed()
    {
        await using var azure = await AzureAsync("Succeeded");
        azure.Others[$"POST {Job}/start"] = context => FakeAzure.JsonAsync(context, new { name = "../../../../x" });

        Assert.Contains("is no name of a resource", (await azure.RunAsync("migrate")).Error, StringComparison.Ordinal);
        Assert.Single(azure.Requests);
    }
}
