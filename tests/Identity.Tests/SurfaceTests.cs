using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using SecureShop.Identity.Data;
using SecureShop.Identity.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Identity.Tests;

public sealed class SurfaceTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private readonly IdentityHost host = shared.Host;

    [Fact]
    [Trait("Practice", "P15")]
    public void Every_live_route_has_one_rule()
    {
        var routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        Assert.True(routes.Count > 15);
        Assert.All(routes, route => Assert.Single(route.Metadata.GetOrderedMetadata<AccessRule>()));
    }

    [Theory]
    [Trait("Practice", "P15")]
    [InlineData("/connect/ciba")]
    [InlineData("/connect/checksession")]
    [InlineData("/account/nothing")]
    public async Task What_is_not_in_the_table_is_not_there(string path)
    {
        using var browser = host.Browse();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(path)).Status);
    }

    [Theory]
    [Trait("Practice", "P24")]
    [InlineData("/", 200)]
    [InlineData("/account/login", 200)]
    [InlineData("/account/register", 200)]
    [InlineData("/account/logout", 200)]
    [InlineData("/account/denied", 200)]
    [InlineData("/error", 200)]
    [InlineData("/account/nothing", 404)]
    public async Task Every_page_comes_with_the_headers_that_guard_it(string path, int status)
    {
        using var browser = host.Browse();
        var page = await browser.GetAsync(path);
        Assert.Equal(status, (int)page.Status);
        Assert.StartsWith("text/html", page.Headers["Content-Type"], StringComparison.Ordinal);
        var policy = page.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains("; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.EndsWith("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.Equal("DENY", page.Headers["X-Frame-Options"]);
        Assert.Equal("no-referrer", page.Headers["Referrer-Policy"]);
        Assert.Contains("no-store", page.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?! [^>]*src=\"/assets/[^>]*></script>)", page.Body);
        Assert.DoesNotContain(" style=", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Server", page.Headers.Keys);
    }

    [Fact]
    [Trait("Practice", "P24")]
    public async Task The_login_form_may_end_at_the_asking_client_and_nowhere_else()
    {
        using var browser = host.Browse();
        var authorize = await browser.GetAsync(new CodeRequest("openid").Path);
        var login = await browser.GetAsync(authorize.Location!.PathAndQuery());
        Assert.EndsWith("form-action 'self' secureshop:", login.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("SecureShop app", login.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Practice", "P32")]
    public async Task Programs_get_an_error_as_a_problem()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/nothing");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var client = TestCertificate.Client(host.Address);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task Discovery_names_the_fixed_issuer_whatever_the_host_header_says()
    {
        using var handler = TestCertificate.Handler();
        handler.SslOptions.TargetHost = "localhost";
        using var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
        request.Headers.Host = "evil.example";
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        using var read = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var document = read.RootElement;
        Assert.Equal(IdentityHost.Issuer, document.GetProperty("issuer").GetString());
        Assert.DoesNotContain("implicit", Texts(document, "grant_types_supported"));
        Assert.DoesNotContain("password", Texts(document, "grant_types_supported"));
        Assert.Equal(["code"], Texts(document, "response_types_supported"));
        Assert.Equal(["S256"], Texts(document, "code_challenge_methods_supported"));
    }

    private static IEnumerable<string?> Texts(JsonElement document, string entry)
        => document.GetProperty(entry).EnumerateArray().Select(value => value.GetString());

    [Fact]
    [Trait("Practice", "P03")]
    [Trait("Practice", "P10")]
    public async Task A_refresh_sees_a_changed_role_and_a_locked_account()
    {
        using var browser = host.Browse();
        var email = await browser.NewPersonAsync();
        var tokens = await browser.TokensAsync(email);
        using var acting = DatabaseTask.Administration.Begin();
        await using var scope = host.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>();
        var user = (await users.FindByEmailAsync(email))!;
        await users.RemoveFromRoleAsync(user, Role.Customer);
        await users.AddToRoleAsync(user, Role.Seller);

        var refreshed = await RefreshAsync(browser, tokens.GetProperty("refresh_token").GetString());
        Assert.Equal(HttpStatusCode.OK, refreshed.Status);
        Assert.Equal("seller", new JsonWebToken(refreshed.Json().GetProperty("access_token").GetString()).GetClaim("role").Value);

        await users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue);
        var locked = await RefreshAsync(browser, refreshed.Json().GetProperty("refresh_token").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, locked.Status);
        Assert.Equal("invalid_grant", locked.Json().GetProperty("error").GetString());
    }

    private static Task<Answer> RefreshAsync(Browser browser, string? token)
        => browser.PostAsync("/connect/token", ("grant_type", "refresh_token"), ("client_id", "mobile"), ("refresh_token", token));
}
