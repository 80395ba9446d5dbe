using System.Net;
using System.Text.Json;
using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Api;

public sealed class ResourceTests
{
    [Fact]
    public async Task Resources_are_shown_as_the_host_has_them()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        var resources = (await dashboard.ReadAsync("/api/resources")).GetProperty("resources").EnumerateArray().ToList();

        Assert.Equal(SampleResources.All.Select(resource => resource.Name), resources.Select(resource => resource.GetProperty("name").GetString()));
        var catalog = resources.Single(resource => resource.GetProperty("name").GetString() == "catalog");
        Assert.Equal(["catalog-1", "catalog-2"], catalog.GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("name").GetString()));
        Assert.Equal(["stop", "restart"], catalog.GetProperty("commands").EnumerateArray().Select(command => command.GetString()));
        Assert.Equal(4_800, catalog.GetProperty("readyAfter").GetDouble());
        Assert.False(catalog.TryGetProperty("environment", out _));
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task The_value_of_a_secret_is_not_there()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        var environment = (await dashboard.ReadAsync("/api/resources/catalog")).GetProperty("environment").EnumerateArray().ToList();

        var secret = environment.Single(variable => variable.GetProperty("name").GetString() == "ConnectionStrings__shop");
        Assert.True(secret.GetProperty("secret").GetBoolean());
        Assert.False(secret.TryGetProperty("value", out _));
        var plain = environment.Single(variable => variable.GetProperty("name").GetString() == "OTEL_SERVICE_NAME");
        Assert.Equal(("catalog", false), (plain.GetProperty("value").GetString(), plain.GetProperty("secret").GetBoolean()));
    }

    [Theory]
    [InlineData("https://localhost:7443", true)]
    [InlineData("http://localhost:7080", true)]
    [InlineData("127.0.0.1:5432", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    public async Task Only_a_web_address_is_a_link(string address, bool isLink)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        dashboard.Host.Resources = [SampleResources.All[0] with { Endpoints = [new ResourceEndpoint("one", address, External: false)] }];

        var endpoint = (await dashboard.ReadAsync("/api/resources")).GetProperty("resources")[0].GetProperty("endpoints")[0];

        Assert.Equal(isLink, endpoint.GetProperty("link").GetBoolean());
    }

    [Theory]
    [InlineData("start", ResourceCommand.Start)]
    [InlineData("stop", ResourceCommand.Stop)]
    [InlineData("restart", ResourceCommand.Restart)]
    public async Task A_command_is_handed_on(string name, ResourceCommand command)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        using var answer = await dashboard.PostAsync($"/api/resources/orders/{name}");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("orders", command), Assert.Single(dashboard.Host.Told));
    }

    [Fact]
    public async Task What_the_host_refuses_is_told_in_its_words()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        dashboard.Host.Refusal = "The gateway is already stopped.";

        using var answer = await dashboard.PostAsync("/api/resources/gateway/stop");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("The gateway is already stopped.", problem.RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/api/resources/none/stop")]
    [InlineData("/api/resources/orders/destroy")]
    [InlineData("/api/resources/orders/1")]
    [InlineData("/api/resources/ORDERS/stop")]
    public async Task What_is_unknown_is_not_found(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        using var answer = await dashboard.PostAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(dashboard.Host.Told);
        Assert.Equal(HttpStatusCode.NotFound, await dashboard.StatusOfAsync("/api/resources/none"));
    }
}
