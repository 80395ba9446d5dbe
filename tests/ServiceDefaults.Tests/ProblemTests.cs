using System.Data.Common;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Every error is a problem with a trace id, and tells nothing of what is inside.</summary>
public sealed class ProblemTests : IAsyncLifetime
{
    private const string Canary = "Host=db.internal;Password=canary-4711";

    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public async ValueTask InitializeAsync()
    {
        var open = AccessRule.Anyone("a test");
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/throws", string () => throw new InvalidOperationException(Canary)).RequireAccess(open);
            app.MapGet("/away", string () => throw new InvalidOperationException(Canary, new StoreAway())).RequireAccess(open);
            app.MapGet("/status/{code:int}", (int code) => Results.StatusCode(code)).RequireAccess(open);
            app.MapGet("/problem", () => TypedResults.Problem("The stock is short.", statusCode: 409)).RequireAccess(open);
            app.MapGet("/invalid", () => TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["name"] = ["Too long."] })).RequireAccess(open);
            app.MapGet("/address", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme} {context.Request.Host}").RequireAccess(open);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html")]
    [InlineData("image/png")]
    [InlineData("*/*")]
    [Trait("Practice", "P32")]
    [Trait("Practice", "P40")]
    public async Task An_exception_is_a_bare_500_whatever_the_caller_accepts(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/throws");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.InternalServerError, answer);
        Assert.Equal(4, problem.EnumerateObject().Count());
        Assert.DoesNotContain("canary", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P38")]
    public async Task A_store_that_is_away_is_a_503_and_no_fault_of_the_request()
    {
        using var answer = await host.GetAsync("/away");
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, answer);
        Assert.DoesNotContain("canary", problem.ToString(), StringComparison.Ordinal);
    }

    private sealed class StoreAway() : DbException(Canary)
    {
        public override bool IsTransient => true;
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(410)]
    [InlineData(412)]
    [InlineData(428)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    [Trait("Practice", "P32")]
    public async Task A_bare_status_becomes_a_problem(int code)
    {
        using var answer = await host.GetAsync($"/status/{code}");
        await ProblemAssert.IsProblemAsync((HttpStatusCode)code, answer);
    }

    [Fact]
    [Trait("Practice", "P32")]
    public async Task What_an_endpoint_says_on_purpose_is_kept()
    {
        using var conflict = await host.GetAsync("/problem");
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.Conflict, conflict);
        Assert.Equal("The stock is short.", problem.GetProperty("detail").GetString());

        using var invalid = await host.GetAsync("/invalid");
        var errors = await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, invalid);
        Assert.Equal("Too long.", errors.GetProperty("errors").GetProperty("name")[0].GetString());
    }

    [Fact]
    [Trait("Practice", "P28")]
    public async Task Forwarding_headers_count_from_a_trusted_proxy_only()
    {
        // Never the host: not every proxy writes that header itself.
        Assert.StartsWith("203.0.113.9 https localhost:", await AddressAsync(host), StringComparison.Ordinal);

        await using var strict = await ServiceHost.StartAsync(
            issuer,
            app => app.MapGet("/address", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme} {context.Request.Host}").RequireAccess(AccessRule.Anyone("a test")),
            build: null,
            ("Proxies:Networks", "10.0.0.0/8"));
        Assert.StartsWith("127.0.0.1 https localhost", await AddressAsync(strict), StringComparison.Ordinal);
    }

    private static async Task<string> AddressAsync(ServiceHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/address");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "shop.example");
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
