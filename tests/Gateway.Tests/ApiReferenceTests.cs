using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace SecureShop.Gateway.Tests;

/// <summary>The reference of the APIs: which documents it shows, under which policy, and who may read tokens for it.</summary>
public sealed class ApiReferenceTests
{
    private const string Document = """
        {
          "openapi": "3.1.1", "info": { "title": "Orders", "version": "v1" }, "tags": [{ "name": "Inside" }],
          "paths": {
            "/": { "get": { "summary": "open" }, "delete": { "summary": "closed" } },
            "/{id}": { "get": { "summary": "open" } },
            "/reservations/{id}": { "put": { "summary": "closed" } }
          }
        }
        """;

    [Fact]
    [Trait("Practice", "P15")]
    public async Task A_document_has_what_the_route_table_lets_through_and_is_asked_for_once()
    {
        var asked = 0;
        await using var host = await GatewayHost.StartAsync(async (service, context) =>
        {
            Interlocked.Increment(ref asked);
            Assert.Equal(("orders", "/openapi/v1.json"), (service, context.Request.Path.Value));
            Assert.False(context.Request.Headers.ContainsKey("Authorization"));
            await context.Response.WriteAsync(Document);
        });
        host.Clock.Stop();

        var read = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(host)));

        Assert.Equal(1, asked);
        Assert.Equal(["/api/orders", "/api/orders/{id}"], read[0]["paths"]!.AsObject().Select(path => path.Key));
        Assert.Equal(["get"], read[0]["paths"]!["/api/orders"]!.AsObject().Select(operation => operation.Key));
        Assert.DoesNotContain("closed", read[0].ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Inside", read[0].ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("https://localhost:7443", read[0]["servers"]![0]!["url"]!.GetValue<string>());

        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await ReadAsync(host);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("no JSON")]
    [InlineData("no document")]
    [InlineData("endless")]
    [InlineData("elsewhere")]
    [Trait("Practice", "P39")]
    public async Task A_service_that_does_not_answer_well_is_a_problem_and_is_not_asked_for_each_reader(string fault)
    {
        var asked = 0;
        await using var host = await GatewayHost.StartAsync(async (_, context) =>
        {
            Interlocked.Increment(ref asked);
            switch (fault)
            {
                case "500":
                    context.Response.StatusCode = 500;
                    break;
                case "elsewhere":
                    context.Response.Redirect("https://evil.example/");
                    break;
                case "endless":
                    await context.Response.WriteAsync(new string(' ', 2 * 1024 * 1024));
                    break;
                default:
                    await context.Response.WriteAsync(fault == "no JSON" ? "{" : "{}");
                    break;
            }
        });
        host.Clock.Stop();
        for (var reader = 0; reader < 3; reader++)
        {
            using var answer = await host.GetAsync("/docs/orders.json");
            await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, answer);
        }

        Assert.Equal(1, asked);

        // And it is asked again in a moment.
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        (await host.GetAsync("/docs/orders.json")).Dispose();
        Assert.Equal(2, asked);
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task The_page_allows_scripts_and_styles_by_a_nonce_of_its_own_and_nothing_else()
    {
        await using var host = await GatewayHost.StartAsync();
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        for (var visit = 0; visit < 3; visit++)
        {
            using var answer = await host.GetAsync("/docs/reference/");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            var nonce = Regex.Match(policy, "'nonce-(?<value>[0-9a-f]{32})'", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["value"].Value;
            Assert.Equal(
                $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self' https://localhost:7444; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
                policy);
            Assert.True(nonces.Add(nonce));
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.All(Regex.Matches(page, "<(script|style)[^>]*>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Value), tag => Assert.Contains($"nonce=\"{nonce}\"", tag, StringComparison.Ordinal));
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        }

        // Whoever adds a slash too few is sent there; the other pages know nothing of nonces.
        using var other = await host.GetAsync("/docs");
        Assert.DoesNotContain("nonce", other.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/connect/token", "https://localhost:7443", true)]
    [InlineData("POST", "/connect/token", "https://partner.example", false)]
    [InlineData("POST", "/connect/token", "https://evil.example", false)]
    [InlineData("POST", "/connect/token", "null", false)]
    [InlineData("POST", "/connect/token", "https://localhost:7443.evil.example", false)]
    [InlineData("POST", "/connect/introspect", "https://localhost:7443", false)]
    [InlineData("GET", "/connect/token", "https://localhost:7443", false)]
    [InlineData("GET", "/connect/authorize", "https://localhost:7443", false)]
    [InlineData("POST", "/account/login", "https://localhost:7443", false)]
    [InlineData("OPTIONS", "/connect/token", "https://localhost:7443", false)]
    [Trait("Practice", "P26")]
    public async Task Of_Identitys_answers_the_shops_page_may_read_tokens_and_no_other_page_anything(string method, string path, string origin, bool may)
    {
        await using var host = await GatewayHost.StartAsync();
        using var answer = await GatewayHost.SendAsync(
            host.Identity, new(method), path, headers: [("Origin", origin), ("Access-Control-Request-Method", "POST")], content: method == "POST" ? JsonContent.Create(1) : null);
        Assert.Equal(may ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed : []);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static async Task<JsonNode> ReadAsync(GatewayHost host)
    {
        using var answer = await host.GetAsync("/docs/orders.json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}
