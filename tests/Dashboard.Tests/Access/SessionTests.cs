using System.Net;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Access;

[Trait("Practice", "P33")]
public sealed class SessionTests
{
    [Fact]
    public async Task Signing_out_ends_the_session_and_no_other()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        var other = dashboard.Cookie;
        await dashboard.SignInAsync();

        using (var answer = await dashboard.PostAsync("/api/sign-out"))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/api/status"));
        dashboard.Cookie = other;
        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync("/api/status"));
    }

    [Fact]
    public async Task A_session_ends_after_half_a_day()
    {
        var clock = new HandClock();
        await using var dashboard = await StartedDashboard.StartAsync(clock);
        await dashboard.SignInAsync();
        clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync("/api/status"));

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/api/status"));
    }

    [Fact]
    public async Task Sessions_are_bounded_and_the_oldest_ends()
    {
        var clock = new HandClock();
        await using var dashboard = await StartedDashboard.StartAsync(clock);
        var cookies = new List<string?>();
        for (var i = 0; i < 17; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await dashboard.SignInAsync();
            cookies.Add(dashboard.Cookie);
        }

        dashboard.Cookie = cookies[0];
        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/api/status"));
        dashboard.Cookie = cookies[1];
        Assert.Equal(HttpStatusCode.OK, await dashboard.StatusOfAsync("/api/status"));
    }

    [Fact]
    public async Task A_cookie_of_ones_own_making_is_none()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        dashboard.Cookie = $"{dashboard.CookieName}=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/api/status"));
    }
}
