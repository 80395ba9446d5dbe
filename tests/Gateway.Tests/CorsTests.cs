using System.Net;

namespace SecureShop.Gateway.Tests;

public sealed class CorsTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private readonly GatewayHost host = gateway.Host;

    [Theory]
    [InlineData("https://localhost:7443")]
    [InlineData("https://partner.example")]
    [Trait("Practice", "P26")]
    public async Task A_listed_origin_may_read_answers_and_never_with_cookies(string origin)
    {
        using var preflight = await PreflightAsync(origin);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(origin, Allowed(preflight));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.DoesNotContain("*", string.Join(' ', preflight.Headers.SelectMany(header => header.Value)), StringComparison.Ordinal);

        using var answer = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", origin));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(origin, Allowed(answer));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("http://partner.example")]
    [InlineData("https://partner.example:8443")]
    [InlineData("https://partner.example.evil.example")]
    [InlineData("https://evilpartner.example")]
    [InlineData("https://x.partner.example")]
    [InlineData("https://partner.example/")]
    [InlineData("https://partner.example@evil.example")]
    [InlineData("https://partnerXexample")]
    [InlineData("https://localhost:7444")]
    [InlineData("https://localhost")]
    [Trait("Practice", "P26")]
    public async Task Any_other_origin_gets_no_permission(string origin)
    {
        using var preflight = await PreflightAsync(origin);
        Assert.Null(Allowed(preflight));
        using var answer = await host.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", origin));
        Assert.Null(Allowed(answer));
    }

    [Fact]
    [Trait("Practice", "P26")]
    public async Task A_service_cannot_give_permissions_of_its_own()
    {
        await using var generous = await GatewayHost.StartAsync((_, context) =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlAllowCredentials = "true";
            return Task.CompletedTask;
        });
        using var answer = await generous.SendAsync(HttpMethod.Get, "/api/catalog/products", headers: ("Origin", "https://evil.example"));
        Assert.Null(Allowed(answer));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private Task<HttpResponseMessage> PreflightAsync(string origin) => host.SendAsync(
        HttpMethod.Options, "/api/catalog/products", null, null, ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));

    private static string? Allowed(HttpResponseMessage answer)
        => answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
}
