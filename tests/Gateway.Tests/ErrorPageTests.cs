using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>What the gateway itself refuses, and what a service breaks off, is a page for people and a problem for programs.</summary>
[Trait("Practice", "P32")]
public sealed partial class ErrorPageTests
{
    public const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    // Of the two forms of the body, or of the moment.
    private static readonly string[] OfTheBody = ["Content-Type", "Content-Length", "Content-Security-Policy", "Transfer-Encoding", "Date", "RateLimit", "Retry-After"];

    public static TheoryData<string, int, string?> Refusals => new()
    {
        { "GET /account/login?x=" + new string('x', 4200), 414, null },
        { "GET /account/a%252fb", 400, null },
        { "GET /health/ready", 404, null },
        { "DELETE /account/login", 405, "Allow" },
        { "POST /account/login 70000", 413, null },
        { "GET /account/login?status=400", 400, null },
        { "GET /account/login?status=404", 404, null },
        { "GET /account/login?status=429", 429, "Retry-After" },
        { "GET /account/login?status=415", 415, null },
        { "GET /account/login?status=500", 500, null },
        { "GET /account/login?status=503", 503, null },
        { "GET /account/login?abort=true", 502, null },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_person_gets_a_page_and_a_program_a_problem_of_the_same_status_and_headers(string request, int status, string? header)
    {
        await using var host = await StartAsync();
        using var page = await SendAsync(host.Identity, request, Browser);
        await IsPageAsync(page, status);
        foreach (var accept in (string?[])[null, "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0, */*"])
        {
            using var problem = await SendAsync(host.Identity, request, accept);
            await ProblemAssert.IsProblemAsync((HttpStatusCode)status, problem);
            Assert.Equal(Lines(problem), Lines(page));
        }

        if (header is not null)
            Assert.Contains(page.Headers.Concat(page.Content.Headers), one => one.Key == header);
    }

    [Fact]
    public async Task Over_a_limit_the_page_says_when_to_come_back()
    {
        await using var host = await StartAsync(TestLimits.Of("address_read", 1));
        host.Clock.Stop();
        using var first = await SendAsync(host.Identity, "GET /account/login", Browser);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var page = await SendAsync(host.Identity, "GET /account/login", Browser);
        var text = await IsPageAsync(page, 429);
        Assert.Contains($"try again in {page.Headers.RetryAfter!.Delta!.Value.TotalSeconds} seconds", text, StringComparison.Ordinal);
        using var problem = await SendAsync(host.Identity, "GET /account/login", "*/*");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, problem);
    }

    [Fact]
    public async Task When_the_identity_server_is_away_the_page_needs_nothing_from_it()
    {
        await using var host = await GatewayHost.StartAsync(settings: ("services:identity:https:0", "https://localhost:1"));
        using var page = await SendAsync(host.Identity, "GET /account/login", Browser);
        await IsPageAsync(page, 502);
        using var problem = await SendAsync(host.Identity, "GET /account/login", "*/*");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadGateway, problem);
    }

    [Theory]
    [InlineData("GET /api/orders", 401)]
    [InlineData("GET /api/nothing", 404)]
    [InlineData("DELETE /API/catalog/products", 405)]
    [InlineData("GET /api/catalog/products?status=503", 503)]
    public async Task The_apis_answer_with_problems_whoever_asks(string request, int status)
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host.Shop, request, Browser);
        await ProblemAssert.IsProblemAsync((HttpStatusCode)status, answer);
    }

    [Fact]
    public async Task Who_comes_with_a_token_is_no_person()
    {
        await using var host = await StartAsync();
        using var answer = await GatewayHost.SendAsync(host.Identity, HttpMethod.Get, "/connect/userinfo?status=404", "some-token", headers: ("Accept", Browser));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, answer);
    }

    [Fact]
    public async Task The_shops_origin_and_a_foreign_host_show_pages_too()
    {
        await using var host = await StartAsync();
        using var nothing = await SendAsync(host.Shop, "GET /nothing", Browser);
        await IsPageAsync(nothing, 404);
        using var foreign = await GatewayHost.SendAsync(host.Shop, HttpMethod.Get, "/", headers: [("Accept", Browser), ("Host", "evil.example")]);
        await IsPageAsync(foreign, 421);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [Trait("Practice", "P19")]
    public async Task Head_of_a_page_answers_as_get_does_and_without_a_body(string version)
    {
        await using var host = await StartAsync();
        foreach (var path in (string[])["/nothing?status=404", "/nothing?abort=true", "/health/ready", "/x?" + new string('x', 4200)])
        {
            Assert.Empty(await HeadCheck.DifferencesAsync(
                host.Identity, method => new(method, path) { Headers = { { "Accept", Browser } } }, Version.Parse(version), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task A_page_leaves_the_same_event_as_a_problem()
    {
        await using var host = await StartAsync();
        foreach (var accept in (string[])[Browser, "*/*"])
        {
            host.Events.Clear();
            using var answer = await SendAsync(host.Identity, "GET /health/ready", accept);
            var only = Assert.Single(host.Events.All);
            Assert.Equal((1001, RefusalReason.NotInternal), (only.Id, only["Reason"]));
        }
    }

    internal static async Task<string> IsPageAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);

        // Its one style runs by its hash, no script does, and it loads nothing.
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script", policy, StringComparison.Ordinal);
        var style = Assert.Single(Style().Matches(text)).Groups["css"].Value;
        Assert.Contains($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(src|href)=\"(?!data:|/)(?!https://localhost:7444)", text);
        Assert.DoesNotContain("xxxxxxxx", text, StringComparison.Ordinal);
        if (status >= 400)
            Assert.Matches("Trace <code>[0-9a-f]{32}</code>", text);
        return text;
    }

    // The upstream answers as the query says.
    private static Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings) => GatewayHost.StartAsync(
        (_, context) =>
        {
            if (context.Request.Query.ContainsKey("abort"))
                context.Abort();
            if (context.Request.Query["status"] is [{ } status])
                context.Response.StatusCode = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
            if (context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
                context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        },
        settings);

    /// <summary>Sends "METHOD path", or "METHOD path length-of-the-body".</summary>
    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string request, string? accept)
    {
        var parts = request.Split(' ');
        var body = parts.Length > 2 ? new ByteArrayContent(new byte[int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture)]) : null;
        List<(string, string)> headers = accept is null ? [] : [("Accept", accept)];
        if (body is not null)
            headers.Add(("Expect", "100-continue"));
        return GatewayHost.SendAsync(client, new HttpMethod(parts[0]), parts[1], content: body, headers: [.. headers]);
    }

    private static List<string> Lines(HttpResponseMessage answer) =>
    [
        .. answer.Headers.Concat(answer.Content.Headers)
            .Where(header => !OfTheBody.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("<style>(?<css>.*?)</style>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Style();
}
