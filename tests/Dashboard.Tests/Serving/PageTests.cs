using System.Net;
using SecureShop.Dashboard.Tests.Support;
using SecureShop.StandIns.AspireDashboard;

namespace SecureShop.Dashboard.Tests.Serving;

public sealed class PageTests
{
    private const string AssetPrefix = "pages/assets/";

    [Theory]
    [InlineData("/")]
    [InlineData("/resources/orders")]
    [InlineData("/console")]
    [InlineData("/console/orders")]
    [InlineData("/logs")]
    [InlineData("/traces")]
    [InlineData("/traces/0af7651916cd43dd8448eb211c80319c")]
    [InlineData("/metrics")]
    [InlineData("/security")]
    public async Task Every_page_is_the_same_shell(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        using (var stranger = await dashboard.GetAsync(path))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
            Assert.Contains("Sign in", await stranger.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        }

        await dashboard.SignInAsync();

        using var answer = await dashboard.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        using var head = await dashboard.SendAsync(HttpMethod.Head, path);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_that_is_none_is_not_found()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        await dashboard.SignInAsync();

        Assert.Equal(HttpStatusCode.NotFound, await dashboard.StatusOfAsync("/none"));
        Assert.Equal(HttpStatusCode.NotFound, await dashboard.StatusOfAsync("/traces/a/b"));
    }

    [Fact]
    public async Task Every_asset_is_served_with_its_type_and_once_only()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var names = typeof(DashboardServer).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(AssetPrefix, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(names);
        foreach (var path in names.Select(name => $"/assets/{name[AssetPrefix.Length..]}"))
        {
            using var first = await dashboard.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.NotEqual("application/octet-stream", first.Content.Headers.ContentType?.MediaType);
            Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());

            using var again = await dashboard.GetAsync(path, ("If-None-Match", first.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    private static async Task<string> ShellAsync()
    {
        using var reader = new StreamReader(typeof(DashboardServer).Assembly.GetManifestResourceStream("pages/index.html")!);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("/assets/../index.html")]
    [InlineData("/assets/..%2findex.html")]
    [InlineData("/assets/%2e%2e/index.html")]
    [InlineData("/assets/%2e%2e%2findex.html")]
    [InlineData("/assets/..%5cindex.html")]
    [InlineData("/assets/....//index.html")]
    [InlineData("/assets//etc/passwd")]
    [InlineData("/assets/%00")]
    [InlineData("/assets/")]
    [InlineData("/index.html")]
    [InlineData("/pages/index.html")]
    [InlineData("/ASSETS/../../etc/passwd")]
    public async Task There_is_no_way_out_of_the_assets(string path)
    {
        await using var dashboard = await StartedDashboard.StartAsync();

        var answer = await RawRequest.SendAsync(dashboard.Server.Address, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{{0}}\r\nConnection: close\r\n\r\n");

        Assert.Contains(RawRequest.StatusOf(answer), new[] { "400", "401", "404" });
        Assert.DoesNotContain(await ShellAsync(), answer, StringComparison.Ordinal);
    }
}
