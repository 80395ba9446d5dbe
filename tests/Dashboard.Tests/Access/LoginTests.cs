using System.Net;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Access;

public sealed class LoginTests
{
    [Fact]
    public async Task The_link_signs_in_and_the_next_one_is_told()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var first = dashboard.Server.LoginLink;
        using (var before = await dashboard.GetAsync("/"))
            Assert.Equal(HttpStatusCode.Unauthorized, before.StatusCode);

        await dashboard.SignInAsync();

        using var after = await dashboard.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        var next = Assert.Single(dashboard.Printed);
        Assert.Equal(dashboard.Server.LoginLink, next);
        Assert.NotEqual(first, next);
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Of_twenty_who_use_a_link_at_once_one_gets_in()
    {
        await using var dashboard = await StartedDashboard.StartAsync(change: options => options with { Clock = new StoppedTime() });
        var link = dashboard.Server.LoginLink.PathAndQuery;

        var answers = new List<HttpStatusCode>();
        for (var round = 0; round < 2; round++)
        {
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => dashboard.GetAsync(link))))
            {
                using (answer)
                    answers.Add(answer.StatusCode);
            }
        }

        Assert.Single(answers, HttpStatusCode.OK);
    }

    private sealed class StoppedTime : TimeProvider;
}
