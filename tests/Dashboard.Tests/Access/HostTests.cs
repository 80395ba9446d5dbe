using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Access;

/// <summary>DNS rebinding: a page of evil.example whose name now leads here, with a browser's cookies and all.</summary>
[Trait("Practice", "P33")]
public sealed class HostTests
{
    [Theory]
    [InlineData("evil.example:{0}")]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1.:{0}")]
    [InlineData("127.1:{0}")]
    [InlineData("localhost.:{0}")]
    [InlineData("localhost:1")]
    [InlineData("localhost.evil.example:{0}")]
    [InlineData("[::1]:{0}")]
    [InlineData("0.0.0.0:{0}")]
    public async Task Another_name_is_answered_with_nothing(string host)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();
        foreach (var path in new[] { "/", "/api/status", "/assets/none.css", dashboard.Server.LoginLink.PathAndQuery })
            Assert.Equal("421", await RawRequest.StatusAsync(dashboard.Server.Address, "GET", path, host, dashboard.Cookie));

        Assert.Equal("200", await RawRequest.StatusAsync(dashboard.Server.Address, "GET", "/api/status", "127.0.0.1:{0}", dashboard.Cookie));
    }

    [Theory]
    [InlineData("localhost:{0}")]
    [InlineData("LOCALHOST:{0}")]
    public async Task Localhost_is_led_to_the_address_and_nowhere_else(string host)
    {
        await using var dashboard = await StartedDashboard.StartAsync();

        var answer = await RawRequest.SendAsync(dashboard.Server.Address, $"GET //evil.example/logs?text=a%20b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.Equal("307", RawRequest.StatusOf(answer));
        Assert.Contains($"\r\nLocation: {dashboard.Server.Address}/evil.example/logs?text=a%20b\r\n", answer, StringComparison.Ordinal);
        Assert.Equal("421", await RawRequest.StatusAsync(dashboard.Server.Address, "POST", "/api/sign-out", host));
    }

    [Theory]
    [InlineData("localhost:{0}", "401")]
    [InlineData("127.0.0.1:{0}", "401")]
    [InlineData("[::1]:{0}", "401")]
    [InlineData("evil.example:{0}", "421")]
    [InlineData("localhost.:{0}", "421")]
    public async Task The_receiver_knows_its_names_and_no_other(string host, string status)
    {
        await using var dashboard = await StartedDashboard.StartAsync();

        Assert.Equal(status, await RawRequest.StatusAsync(dashboard.Server.OtlpAddress, "POST", "/v1/traces", host));
    }

    [Theory]
    [InlineData("GET https://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\n\r\n", "400")]
    [InlineData("GET https://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421")]
    [InlineData("GET https://user@127.0.0.1:{0}/ HTTP/1.1\r\nHost: user@127.0.0.1:{0}\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nHost: evil.example\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "421")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", "421")]
    [InlineData("GET https://127.0.0.1:{0}/ HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nConnection: close\r\n\r\n", "401")]
    public async Task What_no_browser_sends_is_no_way_around(string request, string status)
    {
        await using var dashboard = await StartedDashboard.StartAsync();

        Assert.Equal(status, RawRequest.StatusOf(await RawRequest.SendAsync(dashboard.Server.Address, request)));
    }
}
