using System.Net;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Access;

[Trait("Practice", "P33")]
public sealed class LoginTests
{
    private static readonly HttpMethod[] OtherMethods = [HttpMethod.Head, HttpMethod.Post, HttpMethod.Put, HttpMethod.Options];

    [Fact]
    public async Task The_link_signs_in_once_and_the_next_one_is_told()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var first = dashboard.Server.LoginLink;
        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/"));

        await dashboard.SignInAsync();

        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync("/"));
        var next = Assert.Single(dashboard.Printed);
        Assert.Equal(dashboard.Server.LoginLink, next);
        Assert.NotEqual(first, next);
        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync(first.PathAndQuery));
        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync(next.PathAndQuery));
    }

    [Fact]
    public async Task Of_ten_who_use_a_link_at_once_one_gets_in()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var link = dashboard.Server.LoginLink.PathAndQuery;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => dashboard.StatusOfAsync(link)));

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Single(dashboard.Printed);
    }

    [Fact]
    public async Task The_cookie_is_for_this_dashboard_and_no_script()
    {
        await using var dashboard = await StartedDashboard.StartAsync();

        using var answer = await dashboard.GetAsync(dashboard.Server.LoginLink.PathAndQuery);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($"__Host-dashboard-{dashboard.Server.Address.Port}=", cookie, StringComparison.Ordinal);
        Assert.All(["secure", "httponly", "samesite=strict", "path=/"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("url=/\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/login?t=")]
    [InlineData("/login?t=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/login?t=a&t=b")]
    public async Task A_wrong_token_signs_nobody_in(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();

        using var answer = await dashboard.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Empty(dashboard.Printed);
    }

    [Fact]
    public async Task The_token_given_works_for_the_first_link_alone()
    {
        await using var dashboard = await StartedDashboard.StartAsync(change: options => options with { BrowserToken = "a-token-of-AppHost" });
        Assert.EndsWith("/login?t=a-token-of-AppHost", dashboard.Server.LoginLink.ToString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync("/login?t=a-token-of-AppHost"));

        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/login?t=a-token-of-AppHost"));
        Assert.DoesNotContain("a-token-of-AppHost", dashboard.Server.LoginLink.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_or_key_that_could_be_guessed_is_refused_at_the_start()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StartedDashboard.StartAsync(change: options => options with { BrowserToken = "short" }));
        await Assert.ThrowsAsync<ArgumentException>(() => StartedDashboard.StartAsync(change: options => options with { OtlpApiKey = "short" }));
    }

    [Theory]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    public async Task Fetching_ahead_does_not_use_the_link_up(string header, string value)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var link = dashboard.Server.LoginLink.PathAndQuery;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await dashboard.StatusOfAsync(link, (header, value)));

        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync(link));
    }

    [Fact]
    public async Task No_other_method_uses_the_link_up()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var link = dashboard.Server.LoginLink.PathAndQuery;
        foreach (var method in OtherMethods)
        {
            using var answer = await dashboard.SendAsync(method, link);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
            Assert.Equal("GET", Assert.Single(answer.Content.Headers.Allow));
        }

        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync(link));
    }

    [Fact]
    public async Task Who_tries_tokens_has_to_wait()
    {
        var clock = new HandClock();
        await using var dashboard = await StartedDashboard.StartAsync(clock);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync($"/login?t=guess-{i}"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await dashboard.StatusOfAsync("/login?t=guess-10"));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync(dashboard.Server.LoginLink.PathAndQuery));
    }

    [Fact]
    public async Task A_printer_that_fails_keeps_nobody_out_and_is_counted()
    {
        await using var dashboard = await StartedDashboard.StartAsync(
            change: options => options with { LoginLinkUsed = _ => throw new InvalidOperationException("no paper") });

        await dashboard.SignInAsync();

        var failures = (await dashboard.ReadAsync("/api/status")).GetProperty("failures");
        Assert.Equal(1, failures.GetProperty("count").GetInt32());
        Assert.Contains("no paper", failures.GetProperty("last").GetString(), StringComparison.Ordinal);
    }
}
