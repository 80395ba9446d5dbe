using Microsoft.Playwright;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ResourcesPageTests(SharedDashboard shared)
{
    [Fact]
    public async Task Every_resource_shows_its_state_and_where_it_is()
    {
        await using var window = await shared.OpenAsync("/");
        var page = window.Page;

        await Assertions.Expect(page.Locator("tr[data-name]")).ToHaveCountAsync(7);
        await Assertions.Expect(page.Locator("tr[data-name=orders]")).ToContainTextAsync("Unhealthy");
        var link = page.GetByRole(AriaRole.Link, new() { Name = "localhost:7443" });
        await Assertions.Expect(link).ToHaveAttributeAsync("rel", "noopener");
        await Assertions.Expect(link).ToHaveAttributeAsync("href", "https://localhost:7443");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    [Trait("Practice", "P40")]
    public async Task A_secret_is_named_and_its_value_is_not_there()
    {
        await using var window = await shared.OpenAsync("/resources/catalog");

        var row = window.Page.GetByRole(AriaRole.Row, new() { Name = "ConnectionStrings__shop" });
        await Assertions.Expect(row).ToContainTextAsync("kept by the host");
        await Assertions.Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "OTEL_SERVICE_NAME" })).ToContainTextAsync("catalog");
    }

    [Fact]
    public async Task What_others_lean_on_is_stopped_only_after_a_question()
    {
        await using var window = await shared.OpenAsync("/");
        var page = window.Page;
        var told = shared.Dashboard.Host.Told;
        told.Clear();

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop redis" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.Empty(told);
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop redis" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop redis" }).ClickAsync();

        await Assertions.Expect(page.Locator("#toasts")).ToContainTextAsync("redis is stopping");
        Assert.Equal(("redis", ResourceCommand.Stop), Assert.Single(told));
    }

    [Fact]
    public async Task What_the_host_refuses_is_shown_in_its_own_words()
    {
        await using var window = await shared.OpenAsync("/resources/gateway");
        var host = shared.Dashboard.Host;
        host.Refusal = "gateway is on its way down already.";
        try
        {
            await window.Page.GetByRole(AriaRole.Button, new() { Name = "Restart" }).ClickAsync();

            await Assertions.Expect(window.Page.Locator("#toasts .bad")).ToContainTextAsync(host.Refusal);
        }
        finally
        {
            host.Refusal = null;
        }
    }

    [Fact]
    public async Task A_change_of_state_shows_without_a_reload()
    {
        await using var window = await shared.OpenAsync("/");
        var host = shared.Dashboard.Host;
        var before = host.Resources;
        await Assertions.Expect(window.Page.Locator("tr[data-name=catalog]")).ToContainTextAsync("Healthy");
        try
        {
            host.Resources = [.. before.Select(resource => resource.Name == "catalog" ? resource with { State = "failed", LastProblem = Samples.Payload } : resource)];
            shared.Dashboard.Server.ResourcesChanged();

            await Assertions.Expect(window.Page.Locator("tr[data-name=catalog]")).ToContainTextAsync("Failed");
            await Assertions.Expect(window.Page.Locator("tr[data-name=catalog]")).ToContainTextAsync(Samples.Payload);
            await Assertions.Expect(window.Page.Locator(".badge")).ToContainTextAsync("2");
        }
        finally
        {
            host.Resources = before;
            shared.Dashboard.Server.ResourcesChanged();
        }

        await Assertions.Expect(window.Page.Locator("tr[data-name=catalog]")).ToContainTextAsync("Healthy");
        Assert.Empty(window.Complaints);
    }
}
