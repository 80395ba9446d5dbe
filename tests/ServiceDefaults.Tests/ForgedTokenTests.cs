using System.Net;
using Microsoft.AspNetCore.Builder;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.ServiceDefaults.Tests;

/// <summary>Each forgery beside the good token that it was made from, at a service itself.</summary>
public sealed class ForgedTokenTests : IAsyncLifetime
{
    private TestIssuer issuer = null!;
    private ServiceHost host = null!;

    public static TheoryData<string> Forgeries => [.. ForgedTokens.Names];

    public async ValueTask InitializeAsync()
    {
        issuer = await TestIssuer.StartAsync();
        host = await ServiceHost.StartAsync(issuer, app =>
        {
            app.MapGet("/products", () => "products").RequireAccess(AccessRule.ForScope(Scope.CatalogRead).OrGuests());
            app.MapGet("/mine", () => "mine").RequireAccess(AccessRule.ForScope(Scope.CatalogRead));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_good_token_is_served()
    {
        using var answer = await host.GetAsync("/mine", TestTokens.Create("catalog", "alice", [Scope.CatalogRead]));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    [Trait("Practice", "P02")]
    public async Task A_forged_token_is_refused_even_where_guests_are_served(string forgery)
    {
        foreach (var path in new[] { "/mine", "/products" })
        {
            using var answer = await host.GetAsync(path, ForgedTokens.Create(forgery, "catalog", "alice", [Scope.CatalogRead]));
            await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, answer);
            Assert.Equal($"Bearer error=\"invalid_token\", {ServiceHost.Metadata}", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Theory]
    [InlineData("Basic YWxpY2U6c2VjcmV0")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer a.b.c.d.e")]
    [InlineData("DPoP x")]
    [Trait("Practice", "P02")]
    public async Task Another_credential_is_refused_and_not_taken_for_a_guest(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/products");
        Assert.True(request.Headers.TryAddWithoutValidation("Authorization", header));
        using var answer = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, answer);
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task A_token_of_excessive_length_is_refused_unread()
    {
        var token = TestTokens.Create("catalog", "alice", [Scope.CatalogRead], tweak: token => token.Claims["padding"] = new string('x', 9000));
        using var answer = await host.GetAsync("/mine", token);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, answer);
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task No_token_is_a_guest()
    {
        using var open = await host.GetAsync("/products");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        using var closed = await host.GetAsync("/mine");
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, closed);
        Assert.Equal(
            [$"Bearer scope=\"catalog.read\", {ServiceHost.Metadata}", $"DPoP algs=\"ES256\", scope=\"catalog.read\", {ServiceHost.Metadata}"],
            closed.Headers.NonValidated["WWW-Authenticate"]);
    }
}
