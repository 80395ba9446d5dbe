using System.Net;
using System.Text;
using SecureShop.SystemTests.Support;

namespace SecureShop.SystemTests;

/// <summary>Bad input of many kinds through the front door: refused as a problem, never a 500.</summary>
[Trait("Practice", "P23")]
[Trait("Practice", "P32")]
public sealed class HostileInputTests(ShopSystem shop)
{
    public static TheoryData<string> Bodies =>
    [
        "", "null", "[]", "{", "\0", "\"x\"", """{"lines":null}""", """{"lines":[null]}""", """{"lines":[]}""",
        """{"lines":[{"productId":"1","quantity":1}],"paymentMethod":"pm_ok"}""",
        """{"lines":[{"productId":"0197a9f0-0000-7000-8000-000000000000","quantity":0}],"paymentMethod":"pm_ok"}""",
        """{"lines":[{"productId":"0197a9f0-0000-7000-8000-000000000000","quantity":1,"unitPrice":0}],"paymentMethod":"pm_ok"}""",
        """{"lines":[{"productId":"0197a9f0-0000-7000-8000-000000000000","quantity":1e999}],"paymentMethod":"pm_ok"}""",
    ];

    public static TheoryData<string> Queries =>
    [
        "limit=0", "limit=101", "limit=x", "after=x", "after=%00", "unknown=1", "minPrice=-1", "minPrice=x", "maxPrice=1e400",
        "sort=price;drop", "q=%00", "inStock=perhaps",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_order_is_refused(string body) => await AssertBadOrderAsync(body, HttpStatusCode.BadRequest);

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_bad_search_is_refused(string query) => await AssertBadSearchAsync(query, HttpStatusCode.BadRequest);

    [Fact]
    [Trait("Practice", "P22")]
    [Trait("Practice", "P31")]
    public async Task What_is_bad_and_an_attack_is_refused_by_the_firewall_and_behind_it_by_the_service()
    {
        await AssertBadOrderAsync("""{"lines":[{"productId":"0197a9f0-0000-7000-8000-000000000000","quantity":"1; drop table orders"}]}""", HttpStatusCode.Forbidden);
        await AssertBadSearchAsync("category=%27%20or%201=1--", HttpStatusCode.Forbidden);
    }

    [Theory]
    [Trait("Practice", "P22")]
    [Trait("Practice", "P31")]
    [InlineData("' OR '1'='1", true)]
    [InlineData("'; DROP TABLE catalog.products; --", true)]
    [InlineData("<script>alert(1)</script>", true)]
    [InlineData("%25%27 union select password from users", true)]
    [InlineData("\\ : & | ! ( ) *", false)]
    [InlineData("ünï ↯ \U0001F525", false)]
    public async Task An_injection_is_stopped_at_the_door_and_in_the_catalog_only_a_search_without_results(string words, bool isAttack)
    {
        using var guest = shop.Guest();
        using var inside = shop.Guest(shop.Run.Service("catalog"));
        var query = $"products?q={Uri.EscapeDataString(words)}";

        using var atTheDoor = await guest.GetAsync($"/api/catalog/{query}");
        using var answer = await inside.GetAsync($"/{query}");

        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, answer.StatusCode.ToString());
        Assert.Equal(isAttack ? HttpStatusCode.Forbidden : answer.StatusCode, atTheDoor.StatusCode);
        using var still = await guest.GetAsync("/api/catalog/products?limit=1");
        Assert.Equal(1, (await still.JsonAsync()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task What_is_too_large_is_refused_by_its_own_name()
    {
        using var alice = await shop.SignedInAsync("alice");

        using var body = await alice.SendAsync(
            HttpMethod.Post, "/api/orders", $$"""{"lines":[{{new string(' ', 200_000)}}]}""", ("Idempotency-Key", Guid.NewGuid().ToString()), ("Expect", "100-continue"));
        using var url = await alice.GetAsync($"/api/catalog/products?q={new string('x', 5000)}");
        using var headers = await alice.SendAsync(HttpMethod.Get, "/api/catalog/products", json: null, [.. Enumerable.Range(0, 70).Select(i => ($"X-H{i}", "1"))]);
        using var text = await alice.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/orders")
        {
            Content = new StringContent("lines=1", Encoding.UTF8, "text/plain"),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        });

        await body.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        await url.ProblemAsync(HttpStatusCode.RequestUriTooLong);
        await headers.ProblemAsync(HttpStatusCode.RequestHeaderFieldsTooLarge);
        await text.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json; charset=\"UTF-8\"", "", HttpStatusCode.BadRequest)]
    [InlineData("application/json; charset=utf-16", "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=nonsense", "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json, application/json", "", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "gzip", HttpStatusCode.UnsupportedMediaType)]
    public async Task An_order_is_JSON_in_UTF_8_and_a_form_is_no_other(string type, string coding, HttpStatusCode status)
    {
        using var alice = await shop.SignedInAsync("alice");
        using var guest = shop.Guest(shop.Run.Place.Identity);
        foreach (var (caller, path, contentType) in new[]
        {
            (alice, "/api/orders", type),
            (guest, "/connect/token", type.Replace("application/json", "application/x-www-form-urlencoded", StringComparison.Ordinal)),
            (guest, "/account/login", type.Replace("application/json", "application/x-www-form-urlencoded", StringComparison.Ordinal)),
        })
        {
            using var content = new ByteArrayContent("a=%00"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            if (coding.Length > 0)
                content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
            using var answer = await caller.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } } });
            await answer.ProblemAsync(status);
        }
    }

    [Theory]
    [InlineData("/api/catalog/products/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api//catalog/products")]
    [InlineData("/api/catalog/products/%252e%252e")]
    [InlineData("/nothing/here")]
    public async Task An_odd_path_leads_nowhere(string path)
    {
        using var guest = shop.Guest();

        using var answer = await guest.GetAsync(path);

        await answer.ProblemAsync(HttpStatusCode.BadRequest, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET /api/catalog/products/%00 HTTP/1.1\r\nHost: {0}\r\n\r\n")]
    [InlineData("GET /api/catalog/products HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/catalog/products HTTP/1.1\r\nHost: {0}\r\nX-A : 1\r\n\r\n")]
    [InlineData("GET /api/catalog/products HTTP/1.1\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    public async Task What_is_no_proper_HTTP_is_cut_off_without_a_word(string request)
    {
        var answer = await RawConnection.SendAsync(shop.Run.Place, string.Format(null, request, shop.Run.Place.Shop.Authority));

        // The server gives up on the connection before there is a request that could be answered with a problem.
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Server:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_with_two_lengths_smuggles_no_second_one()
    {
        var host = shop.Run.Place.Shop.Authority;

        var answer = await RawConnection.SendAsync(
            shop.Run.Place,
            $"GET /api/catalog/categories HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + $"GET /api/orders HTTP/1.1\r\nHost: {host}\r\n\r\n");

        Assert.Equal(2, answer.Split("HTTP/1.1 ").Length);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Practice", "P19")]
    [InlineData("PATCH", "/api/orders")]
    [InlineData("DELETE", "/api/orders")]
    [InlineData("TRACE", "/api/catalog/products")]
    [InlineData("POST", "/api/catalog/categories")]
    public async Task Another_verb_is_refused(string method, string path)
    {
        using var alice = await shop.SignedInAsync("alice");

        using var answer = await alice.SendAsync(new HttpMethod(method), path);

        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task The_identity_server_refuses_what_it_does_not_know_without_failing()
    {
        using var guest = shop.Guest(shop.Run.Place.Identity);

        foreach (var path in new[]
        {
            "/connect/authorize",
            "/connect/authorize?client_id=mobile&response_type=token&redirect_uri=secureshop://callback&scope=openid",
            "/connect/authorize?client_id=mobile&response_type=code&redirect_uri=https://attacker.example/&scope=openid",
            "/connect/authorize?client_id=%00&response_type=code",
            "/account/login?ReturnUrl=https://attacker.example/",
            "/nothing",
        })
        {
            using var answer = await guest.GetAsync(path);
            Assert.True((int)answer.StatusCode < 500, $"{path}: {answer.StatusCode}");
            Assert.DoesNotContain("attacker.example", answer.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
        }
    }

    /// <summary>The service's own check, and what the caller at the gateway sees.</summary>
    private async Task AssertBadOrderAsync(string body, HttpStatusCode atTheDoor)
    {
        foreach (var (at, path, status) in new[] { (shop.Run.Service("orders"), "/", HttpStatusCode.BadRequest), (shop.Run.Place.Shop, "/api/orders", atTheDoor) })
        {
            using var alice = await shop.SignedInAsync("alice", at);
            using var answer = await alice.SendAsync(HttpMethod.Post, path, body, ("Idempotency-Key", Guid.NewGuid().ToString()));
            await answer.ProblemAsync(status);
        }
    }

    private async Task AssertBadSearchAsync(string query, HttpStatusCode atTheDoor)
    {
        foreach (var (at, path, status) in new[] { (shop.Run.Service("catalog"), "/products", HttpStatusCode.BadRequest), (shop.Run.Place.Shop, "/api/catalog/products", atTheDoor) })
        {
            using var guest = shop.Guest(at);
            using var answer = await guest.GetAsync($"{path}?{query}");
            await answer.ProblemAsync(status);
        }
    }
}
