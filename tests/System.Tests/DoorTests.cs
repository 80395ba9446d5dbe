using System.Net;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>The gateway as the only door: plain http, internal paths, limits.</summary>
public sealed class DoorTests(ShopSystem shop)
{
    [Fact]
    [Trait("Practice", "P20")]
    public async Task Plain_http_redirects_pages_and_refuses_calls()
    {
        using var plain = shop.Guest(shop.Run.Plain);

        using var page = await plain.SendAsync(HttpMethod.Get, "/somewhere", json: null, ("Accept", "text/html"));
        using var call = await plain.GetAsync("/api/catalog/products");
        using var post = await plain.SendAsync(HttpMethod.Post, "/api/orders", "{}");

        Assert.Equal(HttpStatusCode.PermanentRedirect, page.StatusCode);
        Assert.Equal("https", page.Headers.Location!.Scheme);
        await call.ProblemAsync(HttpStatusCode.Forbidden);
        await post.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task The_shops_root_is_a_page_every_service_answers_and_plain_http_leads_to_the_sign_in_page()
    {
        using var guest = shop.Guest();
        using var plain = shop.Guest(shop.Run.Plain);

        using var root = await guest.GetAsync("/");
        using var status = await guest.GetAsync("/status");
        using var page = await plain.SendAsync(HttpMethod.Get, "/account/login", json: null, ("Accept", "text/html"));

        Assert.Equal((HttpStatusCode.OK, "text/html"), (root.StatusCode, root.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Everything answers.", await status.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(new Uri(shop.Run.Place.Identity, "/account/login"), page.Headers.Location);
    }

    [Theory]
    [Trait("Practice", "P15")]
    [InlineData("/api/catalog/reservations/0197a9f0-0000-7000-8000-000000000000")]
    [InlineData("/api/catalog/health/ready")]
    [InlineData("/api/orders/health/ready")]
    [InlineData("/api/orders/openapi/v1.json")]
    [InlineData("/api/catalog/openapi/v1.json")]
    [InlineData("/health/ready")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/personal-parts")]
    [InlineData("/api/identity/personal-parts")]
    [InlineData("/api/identity/connect/token")]
    [InlineData("/connect/token")]
    public async Task Internal_paths_do_not_exist_for_the_world(string path)
    {
        using var adam = await shop.SignedInAsync("adam");
        using var identity = await shop.SignedInAsync("adam", shop.Run.Place.Identity);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            using var answer = await adam.SendAsync(method, path);
            await answer.ProblemAsync(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);
        }

        if (path.StartsWith("/health", StringComparison.Ordinal) || path.StartsWith("/openapi", StringComparison.Ordinal) || path.StartsWith("/personal", StringComparison.Ordinal))
        {
            using var answer = await identity.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Practice", "P12")]
    public async Task No_person_may_take_stock_even_straight_at_the_catalog()
    {
        using var adam = await shop.SignedInAsync("adam", shop.Run.Service("catalog"));

        using var answer = await adam.SendAsync(
            HttpMethod.Put, $"/reservations/{Guid.CreateVersion7()}", """{"lines":[{"productId":"0197a9f0-0000-7000-8000-000000000000","quantity":1}]}""");

        await answer.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Practice", "P27")]
    [Trait("Practice", "P28")]
    public async Task Too_many_requests_are_told_when_to_come_back_whatever_address_they_claim()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a second loopback address.");
        using var flood = shop.Guest(from: IPAddress.Parse("127.0.0.99"));
        using var neighbour = shop.Guest();

        // Changes, of which five a second would be let in, so that a slow machine sends too many as well.
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => flood.SendAsync(
            HttpMethod.Post, "/api/orders", json: "{}", ("X-Forwarded-For", $"10.0.{i / 250}.{i % 250}"))));

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.True(refused.Count < answers.Length, "Nothing was let in.");
        foreach (var answer in refused)
        {
            await answer.ProblemAsync(HttpStatusCode.TooManyRequests);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        }

        using var other = await neighbour.SendAsync(HttpMethod.Post, "/api/orders", json: "{}");
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P20")]
    public async Task The_services_own_addresses_speak_tls_and_no_plain_http()
    {
        var orders = shop.Run.Service("orders");
        using var client = shop.Guest(new Uri($"http://localhost:{orders.Port}"));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/"));
    }
}
