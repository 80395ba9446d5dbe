using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>A query parameter that an endpoint does not have is refused, wherever the endpoint is.</summary>
public sealed class QueryTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public async ValueTask InitializeAsync()
    {
        var open = AccessRule.Anyone("a test");
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/none", () => "fine").RequireAccess(open);
            app.MapPost("/none", (Body body) => body.Name).RequireAccess(open);
            app.MapGet("/simple/{place}", (string place, int count, Guid? id, string? text, [FromHeader] string? accept, HttpContext context, CancellationToken cancellation) => "fine").RequireAccess(open);
            app.MapGet("/named", ([FromQuery(Name = "q")] string? search) => "fine").RequireAccess(open);
            app.MapGet("/record", ([AsParameters] Listing listing) => "fine").RequireAccess(open);
            app.MapGet("/secret", () => "fine").RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
            app.MapGet("/page", () => "fine").RequireAccess(open).AllowAnyQuery();
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("/none")]
    [InlineData("/none?")]
    [InlineData("/simple/here?count=1")]
    [InlineData("/simple/here?count=1&id=0198f000-0000-7000-8000-000000000001&text=")]
    [InlineData("/named?q=tea")]
    [InlineData("/record?q=tea&after=x&limit=3")]
    [InlineData("/page?anything=1&anything=2")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [Trait("Practice", "P23")]
    public async Task What_an_endpoint_has_is_taken(string path)
    {
        using var answer = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/none?x=1", "x")]
    [InlineData("/none?x", "x")]
    [InlineData("/none?a=1&b=2", "a", "b")]
    [InlineData("/simple/here?count=1&place=there", "place")]
    [InlineData("/simple/here?count=1&accept=x", "accept")]
    [InlineData("/simple/here?count=1&context=x", "context")]
    [InlineData("/simple/here?count=1&count=2", "count")]
    [InlineData("/simple/here?Count=1", "count")]
    [InlineData("/named?search=tea", "search")]
    [InlineData("/named?q=a&q=b", "q")]
    [InlineData("/record?search=tea", "search")]
    [InlineData("/record?listing=1", "listing")]
    [InlineData("/record?q=a&Q=b", "q")]
    [InlineData("/none?%00=1", "query")]
    [InlineData("/none?a.b[0]=1", "query")]
    [InlineData("/none?%3Cb%3E=1", "query")]
    [InlineData("/none?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1", "query")]
    [InlineData("/openapi/v1.json?x=1", "x")]
    [InlineData("/health/live?x=1", "x")]
    [Trait("Practice", "P23")]
    public async Task What_it_does_not_have_or_comes_twice_is_named(string path, params string[] names)
    {
        using var answer = await host.GetAsync(path);
        var problem = await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, answer);
        Assert.Equal(names, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    [Trait("Practice", "P23")]
    public async Task A_write_is_refused_before_it_is_done_and_a_caller_without_rights_learns_nothing()
    {
        using var content = new StringContent("""{"name":"a"}""", System.Text.Encoding.UTF8, "application/json");
        using var write = await host.SendAsync(HttpMethod.Post, "/none?force=true", content: content);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.BadRequest, write);
        using var guest = await host.GetAsync("/secret?x=1");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, guest);
        using var nowhere = await host.GetAsync("/nowhere?x=1");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.NotFound, nowhere);
    }

    private sealed record Body(string Name);

    private sealed record Listing([property: FromQuery(Name = "q")] string? Search, string? After, int Limit = 20);
}
