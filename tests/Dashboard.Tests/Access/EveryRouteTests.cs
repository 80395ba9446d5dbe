using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using SecureShop.Dashboard.Tests.Support;

namespace SecureShop.Dashboard.Tests.Access;

/// <summary>Walks the table of routes, so that a new one cannot be forgotten.</summary>
[Trait("Practice", "P33")]
public sealed partial class EveryRouteTests
{
    [Fact]
    public async Task Nothing_but_the_door_and_its_style_is_answered_without_a_session()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var routes = Routes(dashboard);
        Assert.True(routes.Count > 20, "The table of routes is not what this test takes it for.");
        Assert.Equal(["/assets/{**file}", "/login"], routes.Where(route => route.IsAnonymous).Select(route => route.Pattern).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        foreach (var route in routes.Where(route => !route.IsAnonymous))
        {
            using var answer = await dashboard.SendAsync(new HttpMethod(route.Method), Path(route.Pattern), ("Origin", dashboard.Server.Address.GetLeftPart(UriPartial.Authority)));
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{route.Method} {route.Pattern} answers {answer.StatusCode}");
            if (route.Pattern.StartsWith("/api", StringComparison.Ordinal))
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await dashboard.StatusOfAsync("/api/what-is-not-there"));
        Assert.Empty(dashboard.Host.Told);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers()
    {
        await using var dashboard = await StartedDashboard.StartAsync();
        var paths = Routes(dashboard).Where(route => route.Method == "GET" && route.Pattern != "/api/live").Select(route => Path(route.Pattern)).ToList();
        foreach (var signIn in new[] { false, true })
        {
            if (signIn)
                await dashboard.SignInAsync();
            foreach (var path in paths.Concat(["/none", "/api/none", "/api/logs?limit=0", "/login?t=wrong", "/assets/none.js"]))
            {
                using var answer = await dashboard.GetAsync(path);
                AssertHeaders(answer);
                if (!path.StartsWith("/assets", StringComparison.Ordinal))
                    Assert.True(answer.Headers.CacheControl?.NoStore, path);
            }
        }

        Assert.Contains("\r\nContent-Security-Policy: default-src 'none';", await RawRequest.SendAsync(dashboard.Server.Address, "GET / HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);
        using var refused = await dashboard.SendAsync(HttpMethod.Delete, "/api/status", ("Origin", dashboard.Server.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Equal("GET", Assert.Single(refused.Content.Headers.Allow));
        AssertHeaders(refused);
    }

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'; require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    private static List<(string Method, string Pattern, bool IsAnonymous)> Routes(StartedDashboard dashboard) =>
    [
        .. from route in dashboard.Server.Routes.OfType<RouteEndpoint>()
           from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select (method, route.RoutePattern.RawText!, route.Metadata.GetMetadata<IAllowAnonymous>() is not null),
    ];

    private static string Path(string pattern) => Parameter().Replace(pattern, "restart");

    [GeneratedRegex("""\{[^}]*\}""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
