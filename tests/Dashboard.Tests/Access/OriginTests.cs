using System.Net;
using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Access;

/// <summary>A page of another origin in the same browser; of another port of 127.0.0.1 even with the cookie.</summary>
[Trait("Practice", "P33")]
public sealed class OriginTests
{
    private const string Command = "/api/resources/orders/restart";

    [Theory]
    [InlineData(null, "same-origin")]
    [InlineData("null", "cross-site")]
    [InlineData("https://evil.example", "cross-site")]
    [InlineData("https://127.0.0.1:1", "same-site")]
    [InlineData("http://127.0.0.1:{0}", "same-origin")]
    [InlineData("https://localhost:{0}", "cross-site")]
    [InlineData("https://127.0.0.1:{0}", "same-site")]
    [InlineData("https://127.0.0.1:{0}", "none")]
    [InlineData("https://127.0.0.1:{0}.evil.example", "cross-site")]
    public async Task A_change_asked_for_by_another_page_is_refused(string? origin, string site)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        var headers = new List<(string, string)> { ("Sec-Fetch-Site", site) };
        if (origin is not null)
            headers.Add(("Origin", origin.Replace("{0}", $"{dashboard.Server.Address.Port}", StringComparison.Ordinal)));

        using var answer = await dashboard.SendAsync(HttpMethod.Post, Command, [.. headers]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(dashboard.Host.Told);
        using var own = await dashboard.PostAsync(Command);
        Assert.Equal(HttpStatusCode.Accepted, own.StatusCode);
        Assert.Equal(("orders", ResourceCommand.Restart), Assert.Single(dashboard.Host.Told));
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.OK)]
    [InlineData("none", HttpStatusCode.OK)]
    public async Task Data_is_for_our_own_pages(string site, HttpStatusCode status)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        Assert.Equal(status, await dashboard.StatusOfAsync("/api/resources", ("Sec-Fetch-Site", site)));
    }
}
