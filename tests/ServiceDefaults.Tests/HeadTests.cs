using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>HEAD wherever GET, without a body; and 405 with the methods that there are.</summary>
public sealed class HeadTests : IAsyncLifetime
{
    private const string Id = "0198f000-0000-7000-8000-000000000001";

    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public static TheoryData<string, string> Paths => new MatrixTheoryData<string, string>(
        ["1.1", "2.0"],
        [
            "/text", "/json", "/nothing", "/bytes", "/long", "/started", "/conflict", "/invalid", "/status/404", "/status/500", "/throws", "/bound?count=many",
            "/secret", "/unknown", "/putonly", $"/things/{Id}", "/health/live", "/health/ready", "/openapi/v1.json",
        ]);

    public async ValueTask InitializeAsync()
    {
        var open = AccessRule.Anyone("a test");
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/text", () => "some text").RequireAccess(open);
            app.MapGet("/json", () => new { name = "a" }).RequireAccess(open);
            app.MapGet("/nothing", () => Results.NoContent()).RequireAccess(open);
            app.MapGet("/bytes", () => Results.Bytes(new byte[5000], "image/png")).RequireAccess(open);
            app.MapGet("/long", () => Enumerable.Repeat("text", 50_000)).RequireAccess(open);
            app.MapGet("/started", async (HttpContext context) =>
            {
                await context.Response.StartAsync();
                await context.Response.WriteAsync("some text");
            }).RequireAccess(open);
            app.MapGet("/conflict", () => Results.Problem("No.", statusCode: 409)).RequireAccess(open);
            app.MapGet("/invalid", () => TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["name"] = ["Too long."] })).RequireAccess(open);
            app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code)).RequireAccess(open);
            app.MapGet("/throws", string () => throw new InvalidOperationException()).RequireAccess(open);
            app.MapGet("/bound", (int count) => count).RequireAccess(open);
            app.MapGet("/secret", () => "secret").RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
            app.MapPut("/putonly", () => "put").RequireAccess(open);
            app.MapGet("/things/{id:guid}", (Guid id) => id).RequireAccess(open);
            app.MapDelete("/things/{id:guid}", (Guid id) => id).RequireAccess(open);
            app.MapPost("/things/all", () => "all").RequireAccess(open);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    [Trait("Practice", "P19")]
    public async Task Head_answers_as_get_does_and_without_a_body(string version, string path)
        => Assert.Empty(await HeadCheck.DifferencesAsync(host.Client, method => new(method, path), Version.Parse(version), TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("/json", "200")]
    [InlineData("/secret", "401")]
    [InlineData("/unknown", "404")]
    [InlineData("/putonly", "405")]
    [InlineData("/throws", "500")]
    [Trait("Practice", "P19")]
    public async Task Not_one_byte_follows_the_headers(string path, string status)
    {
        var answer = await RawHttp.SendAsync(host.Client.BaseAddress!, $"HEAD {path} HTTP/1.1\r\nHost: localhost", TestContext.Current.CancellationToken);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(answer.Length, answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4);
    }

    [Theory]
    [InlineData("POST", "/json", "GET, HEAD")]
    [InlineData("TRACE", "/json", "GET, HEAD")]
    [InlineData("OPTIONS", "/json", "GET, HEAD")]
    [InlineData("get", "/json", null)]
    [InlineData("GET", "/putonly", "PUT")]
    [InlineData("HEAD", "/putonly", "PUT")]
    [InlineData("POST", $"/things/{Id}", "DELETE, GET, HEAD")]
    [InlineData("DELETE", "/things/all", "POST")]
    [InlineData("GET", "/things/all", "POST")]
    [Trait("Practice", "P19")]
    public async Task A_method_that_a_path_does_not_have_is_refused_with_those_that_it_has(string method, string path, string? allowed)
    {
        using var answer = await host.SendAsync(new HttpMethod(method), path);
        if (allowed is null)
        {
            // The client, as the router, takes it for the method itself.
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
        if (method != "HEAD")
            await ProblemAssert.IsProblemAsync(HttpStatusCode.MethodNotAllowed, answer);
    }

    [Theory]
    [InlineData("POST", "/things/1")]
    [InlineData("PATCH", "/things/none")]
    [InlineData("DELETE", "/status/none")]
    [InlineData("PUT", "/openapi/v1.json")]
    [InlineData("PUT", "/unknown")]
    [Trait("Practice", "P19")]
    public async Task What_is_not_there_is_not_there_for_any_method(string method, string path)
    {
        using var answer = await host.SendAsync(new HttpMethod(method), path);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, answer);
        Assert.Empty(answer.Content.Headers.Allow);
    }
}
