using SecureShop.Deployment.Tests.Support;

namespace SecureShop.Deployment.Tests;

/// <summary>Old revisions go when the new one serves, never before, and never the one that serves.</summary>
public sealed class RetireRevisionsTests
{
    private const string App = "Microsoft.App/containerApps/gateway";

    private static async Task<FakeAzure> AzureAsync(object app, params Func<object>[] revisions)
    {
        var azure = await FakeAzure.StartAsync();
        azure.Others[$"GET {App}"] = context => FakeAzure.JsonAsync(context, app);
        azure.Others[$"GET {App}/revisions"] = context => FakeAzure.JsonAsync(context, new { value = revisions.Select(revision => revision()) });
        foreach (var name in (string[])["r1", "r2", "r3", "r4"])
            azure.Others[$"POST {App}/revisions/{name}/deactivate"] = _ => Task.CompletedTask;
        return azure;
    }

    private static object Gateway(string ready, params object[] traffic) => new
    {
        properties = new
        {
            latestRevisionName = "r4",
            latestReadyRevisionName = ready,
            configuration = new { activeRevisionsMode = "Multiple", ingress = new { traffic } },
        },
    };

    private static object Revision(string name, string health = "Healthy", string running = "Running", bool active = true, int weight = 0, string provisioned = "Provisioned") => new
    {
        name,
        properties = new { active, trafficWeight = weight, healthState = health, runningState = running, provisioningState = provisioned, createdTime = $"2030-01-0{name[1]}T00:00:00Z" },
    };

    private static string[] Deactivated(FakeAzure azure) => [.. azure.Writes.Select(write => write.Split('/')[^2])];

    [Fact]
    public async Task Once_the_newest_is_healthy_the_idle_ones_are_deactivated()
    {
        var looks = 0;
        await using var azure = await AzureAsync(
            Gateway("r4", new { latestRevision = true, weight = 100 }, new { revisionName = "r2", weight = 0, label = "before" }),
            () => Revision("r1"),
            () => Revision("r2"),
            () => Revision("r3", active: false),
            () => ++looks < 4 ? Revision("r4", "None", "Processing", weight: 100, provisioned: "Provisioning") : Revision("r4", running: "RunningAtMaxScale", weight: 100));

        var said = await azure.RunAsync("retire");

        Assert.Equal(0, said.ExitCode);
        Assert.Equal(["r1"], Deactivated(azure));
        Assert.Contains("gateway: r4: Provisioning, Processing, None", said.Output, StringComparison.Ordinal);
        Assert.Contains("r1: deactivated", said.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Unhealthy", "Running", "Provisioned")]
    [InlineData("None", "Running", "Provisioned")]
    [InlineData("Healthy", "Processing", "Provisioned")]
    [InlineData("Healthy", "Degraded", "Provisioned")]
    [InlineData("Healthy", "Running", "Failed")]
    public async Task While_the_newest_is_not_healthy_nothing_is_deactivated(string health, string running, string provisioned)
    {
        await using var azure = await AzureAsync(
            Gateway("r3", new { latestRevision = true, weight = 100 }),
            () => Revision("r1"),
            () => Revision("r3"),
            () => Revision("r4", health, running, weight: 100, provisioned: provisioned));
        var begin = azure.Clock.GetUtcNow();

        var said = await azure.RunAsync("retire");

        Assert.Equal(1, said.ExitCode);
        Assert.Empty(azure.Writes);
        Assert.Equal(TimeSpan.FromMinutes(10), azure.Clock.GetUtcNow() - begin);
        Assert.Contains("nothing was deactivated and r3 serves", said.Error, StringComparison.Ordinal);
        Assert.Contains("az containerapp ingress traffic set --name gateway --resource-group rg-shop --revision-weight r3=100", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traffic_on_a_named_revision_keeps_it_and_the_newest()
    {
        await using var azure = await AzureAsync(
            Gateway("r4", new { revisionName = "r2", weight = 100 }),
            () => Revision("r1"),
            () => Revision("r2", weight: 100),
            () => Revision("r3"),
            () => Revision("r4"));

        var said = await azure.RunAsync("retire");

        Assert.Equal(0, said.ExitCode);
        Assert.Equal(["r1", "r3"], Deactivated(azure));
        Assert.Contains("r2: healthy, gets the traffic", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Divided_traffic_waits_for_each_and_keeps_each()
    {
        await using var azure = await AzureAsync(
            Gateway("r4", new { revisionName = "r1", weight = 90 }, new { revisionName = "r2", weight = 10 }),
            () => Revision("r1", weight: 90),
            () => Revision("r2", "Unhealthy", weight: 10),
            () => Revision("r3"),
            () => Revision("r4"));

        var said = await azure.RunAsync("retire");

        Assert.Equal(1, said.ExitCode);
        Assert.Empty(azure.Writes);
        Assert.Contains("r1, r2 serves", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_gets_traffic_by_its_own_account_stays()
    {
        await using var azure = await AzureAsync(
            Gateway("r4", new { latestRevision = true, weight = 100 }), () => Revision("r1", weight: 5), () => Revision("r4", weight: 95));

        var said = await azure.RunAsync("retire");

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("Nothing to deactivate", said.Output, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Fact]
    public async Task An_app_without_traffic_is_left_alone()
    {
        await using var azure = await AzureAsync(Gateway("r4"), () => Revision("r1"), () => Revision("r4"));

        var said = await azure.RunAsync("retire");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("no revision gets traffic", said.Error, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Fact]
    public async Task With_one_revision_at_a_time_there_is_nothing_to_do()
    {
        await using var azure = await AzureAsync(
            new { properties = new { latestRevisionName = "r4", configuration = new { activeRevisionsMode = "Single" } } }, () => Revision("r1"), () => Revision("r4"));

        var said = await azure.RunAsync("retire");

        Assert.Equal(0, said.ExitCode);
        Assert.Contains("Azure retires the others itself", said.Output, StringComparison.Ordinal);
        Assert.Empty(azure.Writes);
    }

    [Fact]
    public async Task Without_the_right_the_role_is_named()
    {
        await using var azure = await AzureAsync(Gateway("r4", new { latestRevision = true, weight = 100 }), () => Revision("r1"), () => Revision("r4", weight: 100));
        azure.Others[$"POST {App}/revisions/r1/deactivate"] = context => FakeAzure.ErrorAsync(context, 403, "AuthorizationFailed", "No.");

        var said = await azure.RunAsync("retire");

        Assert.Equal(1, said.ExitCode);
        Assert.StartsWith("Cannot deactivate the revision r1: the account that is signed in lacks the role Container Apps Contributor", said.Error, StringComparison.Ordinal);
    }
}
