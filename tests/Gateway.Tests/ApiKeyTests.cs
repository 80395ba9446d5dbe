using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>A key gets in as its person, is asked about once, and goes no further than the gateway.</summary>
[Trait("Practice", "P05")]
public sealed class ApiKeyTests : IAsyncLifetime
{
    private readonly string key = ApiKeyFormat.Make();
    private KeyShop shop = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => shop = await KeyShop.StartAsync(("Cors:Origins:0", "https://partner.example"));

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    [Trait("Practice", "P40")]
    public async Task The_service_is_sent_a_token_in_the_place_of_the_key_and_the_caller_never_sees_it()
    {
        using var answer = await shop.GetAsync(key);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (service, headers) = Assert.Single(shop.Served);
        var credential = AuthenticationHeaderValue.Parse(headers["Authorization"]);
        Assert.Equal(("orders", "Bearer", "alice"), (service, credential.Scheme, new JsonWebToken(credential.Parameter).Subject));
        Assert.DoesNotContain(headers, header => header.Key.Contains("api-key", StringComparison.OrdinalIgnoreCase) || header.Value.Contains(key, StringComparison.Ordinal));

        Assert.DoesNotContain(credential.Parameter!, $"{answer}{await answer.Content.ReadAsStringAsync(Cancelled)}", StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Empty(shop.Host.Events.All);
    }

    [Fact]
    [Trait("Practice", "P01")]
    public async Task The_gateway_asks_as_itself_by_a_signature_that_is_good_once()
    {
        foreach (var one in (string[])[key, ApiKeyFormat.Make()])
        {
            using var answer = await shop.GetAsync(one);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var known = ECDsa.Create();
        known.ImportPkcs8PrivateKey(Convert.FromBase64String(GatewayFactory.ClientKey), out _);
        Assert.Equal(2, shop.Exchanges.Select(asked => new JsonWebToken(asked["client_assertion"]).Id).Distinct(StringComparer.Ordinal).Count());
        var asked = shop.Exchanges[0];
        Assert.Equal(("urn:secureshop:params:oauth:grant-type:api-key", key, "gateway"), (asked["grant_type"], asked["api_key"], asked["client_id"]));
        var proof = await new JsonWebTokenHandler().ValidateTokenAsync(asked["client_assertion"], new TokenValidationParameters
        {
            IssuerSigningKey = new ECDsaSecurityKey(known) { CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            ValidIssuer = "gateway",
            ValidAudience = TestTokens.Issuer,
        });
        Assert.True(proof.IsValid);
    }

    [Fact]
    [Trait("Practice", "P29")]
    public async Task Fifty_who_race_are_one_exchange_and_one_who_leaves_does_not_end_it_for_the_others()
    {
        var (asked, answered) = (new TaskCompletionSource(), new TaskCompletionSource());
        shop.Exchange = async (one, context) =>
        {
            if (one == key)
            {
                asked.TrySetResult();
                await answered.Task;
            }

            await KeyShop.GrantAsync(context);
        };
        using var leaving = new CancellationTokenSource();
        var first = shop.GetAsync(key, cancellation: leaving.Token);
        await asked.Task;
        var others = Enumerable.Range(0, 50).Select(_ => shop.GetAsync(key)).ToList();
        using var unrelated = await shop.GetAsync(ApiKeyFormat.Make());
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answered.SetResult();

        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(shop.Exchanges, one => one["api_key"] == key);
        Assert.Equal(HttpStatusCode.OK, unrelated.StatusCode);
    }

    [Theory]
    [InlineData(300, 30)]
    [InlineData(3600, 30)]
    [InlineData(40, 20)]
    [InlineData(70, 30)]
    [InlineData(10, 5)]
    public async Task An_answer_is_kept_for_a_while_and_never_until_its_token_expires(int lifetime, int kept)
    {
        shop.Host.Clock.Stop();
        shop.Exchange = (_, context) => KeyShop.GrantAsync(context, lifetime);
        await ReadAsync();
        shop.Host.Clock.Advance(TimeSpan.FromSeconds(kept - 1));
        await ReadAsync();
        Assert.Single(shop.Exchanges);
        shop.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync();
        Assert.Equal(2, shop.Exchanges.Count);
    }

    [Fact]
    [Trait("Practice", "P03")]
    public async Task A_revoked_key_is_refused_as_soon_as_its_answer_is_no_longer_kept()
    {
        shop.Host.Clock.Stop();
        await ReadAsync();
        shop.Exchange = (_, context) => KeyShop.RefuseAsync(context);
        shop.Host.Clock.Advance(TimeSpan.FromSeconds(29));
        await ReadAsync();
        shop.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var time = 0; time < 3; time++)
            await AssertRefusedAsync(key, GatewayRefusal.ApiKey);
        Assert.Equal((2, 2), (shop.Served.Count, shop.Exchanges.Count));
    }

    [Theory]
    [InlineData(KeyShop.Path)]
    [InlineData("/api/catalog/products")]
    [Trait("Practice", "P33")]
    public async Task A_refused_key_is_no_guest_and_is_asked_about_again_after_a_few_seconds_only(string path)
    {
        shop.Host.Clock.Stop();
        shop.Exchange = (_, context) => KeyShop.RefuseAsync(context);
        for (var time = 0; time < 3; time++)
            await AssertRefusedAsync(key, GatewayRefusal.ApiKey, path);
        Assert.Single(shop.Exchanges);

        shop.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        shop.Exchange = (_, context) => KeyShop.GrantAsync(context, scope: path == KeyShop.Path ? Scope.OrdersRead : Scope.CatalogRead);
        using var answer = await shop.GetAsync(key, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(shop.Served);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("sk_shop_")]
    [InlineData("checksum")]
    [InlineData("case")]
    [InlineData("two in one line")]
    [InlineData("huge")]
    [Trait("Practice", "P23")]
    public async Task What_cannot_be_a_key_is_refused_without_asking(string kind)
    {
        var sent = kind switch
        {
            "checksum" => key[..^1] + (key[^1] == 'a' ? 'b' : 'a'),
            "case" => key.ToUpperInvariant(),
            "two in one line" => $"{key}, {ApiKeyFormat.Make()}",
            "huge" => new string('x', 15_000),
            _ => kind,
        };
        await AssertRefusedAsync(sent, GatewayRefusal.ApiKeyShape);
        Assert.Empty(shop.Exchanges);
    }

    [Theory]
    [InlineData("sk_shop_\u00e9", 400)]
    [InlineData("sk_shop_\u0001", 400)]
    [InlineData("larger than a header may be", 431)]
    [Trait("Practice", "P23")]
    public async Task What_no_header_may_hold_no_key_may(string sent, int status)
    {
        var value = status == 431 ? new string('x', 17_000) : sent;
        var answer = await RawHttp.SendAsync(shop.Host.Shop.BaseAddress!, $"GET {KeyShop.Path} HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\nX-Api-Key: {value}", Cancelled);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Empty(shop.Exchanges);
    }

    [Theory]
    [InlineData("X-Api-Key: {0}\r\nX-Api-Key: {0}")]
    [InlineData("X-Api-Key: {0}\r\nx-api-key: {1}")]
    [InlineData("X-Api-Key: {0}\r\nX-Api-Key:")]
    [InlineData("X-Api-Key: {0}\r\nAuthorization: Bearer {2}")]
    [InlineData("Authorization: Bearer\r\nX-API-KEY: {0}")]
    [Trait("Practice", "P23")]
    public async Task Two_callers_in_one_request_are_a_400(string headers)
    {
        var token = TestTokens.Create("orders", "mallory", [Scope.OrdersRead]);
        var lines = headers.Replace("{0}", key, StringComparison.Ordinal).Replace("{1}", ApiKeyFormat.Make(), StringComparison.Ordinal).Replace("{2}", token, StringComparison.Ordinal);
        var answer = await RawHttp.SendAsync(shop.Host.Shop.BaseAddress!, $"GET {KeyShop.Path} HTTP/1.1\r\nHost: {GatewayFactory.ShopHost}\r\n{lines}", Cancelled);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(key, answer, StringComparison.Ordinal);
        var only = Assert.Single(shop.Host.Events.All);
        Assert.Equal((2003, GatewayRefusal.RequestShape, "400"), (only.Id, only["Reason"], only["Status"]));
        Assert.Empty(shop.Exchanges);
        Assert.Empty(shop.Served);
    }

    [Fact]
    public async Task A_key_in_another_place_is_not_taken()
    {
        foreach (var (path, headers) in ((string, (string, string)[])[])
        [
            ($"{KeyShop.Path}?api_key={key}&X-Api-Key={key}", []),
            (KeyShop.Path, [("Authorization", $"Bearer {key}")]),
            (KeyShop.Path, [("Authorization", $"ApiKey {key}")]),
            (KeyShop.Path, [("X_Api_Key", key), ("Api-Key", key), ("Cookie", $"X-Api-Key={key}")]),
        ])
        {
            using var answer = await shop.Host.SendAsync(HttpMethod.Get, path, headers: headers);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Empty(shop.Exchanges);
        await ReadAsync();
    }

    [Fact]
    public async Task Where_no_token_is_taken_a_key_is_neither_looked_at_nor_passed_on()
    {
        foreach (var (client, path) in ((HttpClient, string)[])[(shop.Host.Identity, "/account/login"), (shop.Host.Identity, "/connect/token"), (shop.Host.Shop, "/"), (shop.Host.Health, "/health/ready")])
        {
            using var answer = await GatewayHost.SendAsync(client, HttpMethod.Get, path, headers: [("X-Api-Key", key), ("X-Api-Key", "nonsense")]);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(2, shop.Served.Count);
        Assert.All(shop.Served, one => Assert.False(one.Headers.ContainsKey("X-Api-Key")));
        Assert.Empty(shop.Exchanges);
        Assert.Empty(shop.Host.Events.All);
    }

    [Theory]
    [InlineData(KeyShop.Path)]
    [InlineData("/")]
    [Trait("Practice", "P20")]
    public async Task In_the_clear_no_key_is_looked_at_and_its_sender_is_not_sent_on(string path)
    {
        using var answer = await GatewayHost.SendAsync(shop.Host.Plain, HttpMethod.Get, path, headers: [("X-Api-Key", key), ("Accept", "text/html"), ("Host", GatewayFactory.ShopHost)]);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(RefusalReason.PlainHttp, Assert.Single(shop.Host.Events.All)["Reason"]);
        Assert.Empty(shop.Exchanges);
    }

    [Theory]
    [InlineData("GET", KeyShop.Path, Scope.CatalogRead)]
    [InlineData("POST", KeyShop.Path, Scope.OrdersRead)]
    [InlineData("GET", "/api/catalog/products", Scope.OrdersRead)]
    [Trait("Practice", "P12")]
    public async Task A_key_without_the_scope_is_good_and_may_not(string method, string path, string scope)
    {
        shop.Exchange = (_, context) => KeyShop.GrantAsync(context, scope: scope);
        using var answer = await shop.Host.SendAsync(new(method), path, headers: ("X-Api-Key", key));
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
        Assert.Contains("insufficient_scope", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal((1001, RefusalReason.MissingScope), (Assert.Single(shop.Host.Events.All).Id, shop.Host.Events.All[0]["Reason"]));
        Assert.Empty(shop.Served);
    }

    [Fact]
    [Trait("Practice", "P02")]
    public async Task The_token_of_a_key_is_checked_like_any_other()
    {
        shop.Exchange = (_, context) => context.Response.WriteAsJsonAsync(new
        {
            access_token = ForgedTokens.Create("another key under the known id", "orders", "alice", [Scope.OrdersRead], [Role.Customer]),
            token_type = "Bearer",
            expires_in = 300,
            scope = Scope.OrdersRead,
        });
        using var answer = await shop.GetAsync(key);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, answer);
        Assert.Equal(RefusalReason.TokenSignature, Assert.Single(shop.Host.Events.All)["Reason"]);
        Assert.Empty(shop.Served);
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task All_keys_of_a_person_share_their_limit()
    {
        await using var limited = await KeyShop.StartAsync(TestLimits.Of("subject_read", 3));
        for (var time = 0; time < 6; time++)
        {
            using var answer = await limited.GetAsync(ApiKeyFormat.Make());
            Assert.Equal(time < 3 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task An_address_that_makes_keys_up_is_slowed_and_a_good_key_that_is_known_is_not()
    {
        shop.Host.Clock.Stop();
        await ReadAsync();
        shop.Exchange = (_, context) => KeyShop.RefuseAsync(context);
        for (var time = 0; time < 60; time++)
            await AssertRefusedAsync(ApiKeyFormat.Make(), GatewayRefusal.ApiKey);
        using var slowed = await shop.GetAsync(ApiKeyFormat.Make());
        await ProblemAssert.IsProblemAsync(HttpStatusCode.TooManyRequests, slowed);
        Assert.Equal(TimeSpan.FromMinutes(1), slowed.Headers.RetryAfter?.Delta);
        Assert.Equal(GatewayRefusal.ApiKeyAttempts, shop.Host.Events.All[^1]["Reason"]);
        Assert.Equal(61, shop.Exchanges.Count);
        await ReadAsync();

        shop.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        await AssertRefusedAsync(ApiKeyFormat.Make(), GatewayRefusal.ApiKey);
        Assert.Equal(62, shop.Exchanges.Count);
    }

    /// <summary>A script that runs away, or a thief, does not use up what the owner may ask; and many keys are no more than their owner.</summary>
    [Fact]
    [Trait("Practice", "P27")]
    [Trait("Practice", "P28")]
    public async Task Each_key_has_a_limit_of_its_own_and_its_owner_one_over_all()
    {
        await using var counted = await KeyShop.StartAsync([.. TestLimits.Of("key_read", 2), .. TestLimits.Of("subject_read", 3)]);
        counted.Host.Clock.Stop();
        var (one, other, strangers) = (ApiKeyFormat.Make(), ApiKeyFormat.Make(), ApiKeyFormat.Make());
        counted.Exchange = (key, context) => KeyShop.GrantAsync(context, subject: key == strangers ? "bert" : "alice");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], [await AskAsync(one), await AskAsync(one), await AskAsync(one)]);

        // What the key's limit refuses has cost its owner nothing.
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], [await AskAsync(other), await AskAsync(other)]);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(strangers));

        async Task<HttpStatusCode> AskAsync(string key)
        {
            using var answer = await counted.GetAsync(key);
            return answer.StatusCode;
        }
    }

    [Fact]
    [Trait("Practice", "P27")]
    public async Task Good_keys_that_come_at_once_do_not_shut_their_address_out()
    {
        shop.Host.Clock.Stop();
        var answered = new TaskCompletionSource();
        shop.Exchange = async (_, context) =>
        {
            await answered.Task;
            await KeyShop.GrantAsync(context);
        };
        var racing = Enumerable.Range(0, 100).Select(_ => shop.GetAsync(ApiKeyFormat.Make())).ToList();

        // Those for which there is no room are answered at once, and the others when Identity is.
        for (var refused = 0; refused < 40; refused++)
        {
            var first = await Task.WhenAny(racing);
            racing.Remove(first);
            using var answer = await first;
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        }

        answered.SetResult();
        foreach (var answer in await Task.WhenAll(racing))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            answer.Dispose();
        }

        using var later = await shop.GetAsync(ApiKeyFormat.Make());
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory]
    [InlineData("away")]
    [InlineData("slow")]
    [InlineData("cut off")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("redirect")]
    [InlineData("our own key is wrong")]
    [InlineData("we may not")]
    [InlineData("no JSON")]
    [InlineData("no token")]
    [InlineData("another kind of token")]
    [Trait("Practice", "P38")]
    public async Task Without_an_answer_of_Identity_it_is_a_503_and_never_a_401(string kind)
    {
        var ended = new TaskCompletionSource();
        await using var lost = await KeyShop.StartAsync(kind == "away" ? [("services:identity:https:0", "https://localhost:1")] : []);
        lost.Exchange = (_, context) => kind switch
        {
            "slow" => ended.Task,
            "cut off" => Task.Run(context.Abort, Cancelled),
            "redirect" => Task.Run(() => context.Response.Redirect("https://evil.example/"), Cancelled),
            "our own key is wrong" => KeyShop.RefuseAsync(context, StatusCodes.Status401Unauthorized, "invalid_client"),
            "we may not" => KeyShop.RefuseAsync(context, error: "unauthorized_client"),
            "no JSON" => context.Response.WriteAsync("<html>", Cancelled),
            "no token" => context.Response.WriteAsJsonAsync(new { token_type = "Bearer", expires_in = 300 }, Cancelled),
            "another kind of token" => context.Response.WriteAsJsonAsync(new { access_token = "x", token_type = "DPoP", expires_in = 300 }, Cancelled),
            _ => KeyShop.RefuseAsync(context, int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture)),
        };
        using var answer = await lost.GetAsync(key);
        ended.SetResult();
        await ProblemAssert.IsProblemAsync(HttpStatusCode.ServiceUnavailable, answer);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.Empty(answer.Headers.WwwAuthenticate);
        Assert.Empty(lost.Host.Events.All);
        Assert.Empty(lost.Served);

        // Neither remembered nor counted as the caller's fault.
        if (kind == "away")
            return;
        lost.Exchange = (_, context) => KeyShop.GrantAsync(context);
        using var again = await lost.GetAsync(key);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    [Trait("Practice", "P26")]
    public async Task No_page_may_send_a_key()
    {
        using var preflight = await shop.Host.SendAsync(HttpMethod.Options, KeyShop.Path, headers:
        [
            ("Origin", "https://partner.example"), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "x-api-key"),
        ]);
        var allowed = preflight.Headers.GetValues("Access-Control-Allow-Headers").Single();
        Assert.Contains("Authorization", allowed, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Api-Key", allowed, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('*', allowed);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("61")]
    [InlineData("-1")]
    [Trait("Practice", "P38")]
    public async Task No_setting_lets_a_revoked_key_live_for_longer_than_a_minute(string seconds)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => KeyShop.StartAsync(("ApiKeys:KeepSeconds", seconds)));
        Assert.Contains("Set ApiKeys__KeepSeconds to", failure.Message, StringComparison.Ordinal);
    }

    private async Task ReadAsync()
    {
        using var answer = await shop.GetAsync(key);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task AssertRefusedAsync(string sent, string reason, string path = KeyShop.Path)
    {
        shop.Host.Events.Clear();
        using var answer = await shop.GetAsync(sent, path);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Unauthorized, answer);
        Assert.Equal("ApiKey header=\"X-Api-Key\", error=\"invalid_key\"", answer.Headers.WwwAuthenticate.ToString());
        var only = Assert.Single(shop.Host.Events.All);
        Assert.Equal((2008, "ApiKeyRefused", reason, "401", "127.0.0.1"), (only.Id, only.Name, only["Reason"], only["Status"], only["Address"]));
        Assert.True(sent.Length == 0 || !only.Text.Contains(sent, StringComparison.Ordinal));
    }
}
