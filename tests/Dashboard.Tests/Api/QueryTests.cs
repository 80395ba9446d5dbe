using System.Net;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Api;

public sealed class QueryTests
{
    [Theory]
    [InlineData("/api/console?limit=0")]
    [InlineData("/api/console?limit=2001")]
    [InlineData("/api/console?limit=-1")]
    [InlineData("/api/console?limit=1e3")]
    [InlineData("/api/console?limit=%205")]
    [InlineData("/api/console?limit=5&limit=6")]
    [InlineData("/api/console?after=99999999999999999999")]
    [InlineData("/api/console?Text=a")]
    [InlineData("/api/console?what=1")]
    [InlineData("/api/logs?level=warn")]
    [InlineData("/api/logs?level=WARNING")]
    [InlineData("/api/logs?security=1")]
    [InlineData("/api/logs?trace=12")]
    [InlineData("/api/logs?span=00000000000000000000000000000001")]
    [InlineData("/api/logs?limit=1001")]
    [InlineData("/api/traces?minDuration=-1")]
    [InlineData("/api/traces?minDuration=NaN")]
    [InlineData("/api/traces?errors=yes")]
    [InlineData("/api/traces?limit=501")]
    [InlineData("/api/metrics?resource=a")]
    [InlineData("/api/metrics/series")]
    [InlineData("/api/metrics/series?meter=a")]
    [InlineData("/api/metrics/series?meter=a&name=b&minutes=61")]
    [InlineData("/api/metrics/series?meter=a&name=b&where=key")]
    [InlineData("/api/metrics/series?meter=a&name=b&where=:value")]
    [InlineData("/api/security?minutes=0")]
    [InlineData("/api/security?minutes=61")]
    [InlineData("/api/status?x")]
    [InlineData("/api/resources?x=1")]
    public async Task What_is_unknown_or_bad_is_refused_and_not_guessed_at(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        using var answer = await dashboard.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"detail\":\"The parameter", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_may_be_so_long_and_no_longer()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync($"/api/logs?text={new string('a', 200)}"));
        Assert.Equal(HttpStatusCode.BadRequest, await dashboard.StatusOfAsync($"/api/logs?text={new string('a', 201)}"));
    }

    [Fact]
    public async Task A_host_that_fails_is_a_problem_that_tells_nothing_and_is_counted()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        dashboard.Host.Resources = null!;

        using var answer = await dashboard.GetAsync("/api/resources");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("Exception", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(1, (await dashboard.ReadAsync("/api/status")).GetProperty("failures").GetProperty("count").GetInt32());
    }
}
