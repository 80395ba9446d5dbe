using System.Buffers.Text;
using System.Net;
using System.Text;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Journeys;

/// <summary>Puts a value of their own wherever a request has room for one: what they choose must not end up in what we keep.</summary>
internal sealed class Attacker(Cast cast, string token)
{
    private static readonly string[] Headers =
    [
        "User-Agent", "Referer", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "Forwarded", "X-Request-Id", "X-Api-Key",
        "DPoP", "tracestate", "baggage", "Accept", "Accept-Language", "Origin", "If-None-Match", "Range", "X-Canary",
    ];

    private readonly SecretLedger ledger = cast.Ledger;

    public async Task AttackAsync()
    {
        await GuessAsync();
        await ForgeAsync();
        await FillHeadersAsync();
        await FillAddressesAsync();
        await FillBodiesAsync();
        await SpeakBadlyAsync();
    }

    private async Task GuessAsync()
    {
        var victim = ledger.CanaryEmail("e-mail address of a victim");
        var password = ledger.Canary("password of a victim");
        using (var browser = cast.Browser())
        {
            await browser.RegisterAsync(ledger.Canary("name of a victim"), victim, password);
            await browser.ConfirmAsync(victim, password);
        }

        // Until locked, and then until throttled.
        await Task.WhenAll(Enumerable.Range(0, 7).Select(async number =>
        {
            using var guesser = cast.Browser();
            await guesser.GuessAsync(victim, ledger.Canary($"guessed password {number}"));
        }));
        using var stranger = cast.Browser();
        await stranger.GuessAsync(ledger.CanaryEmail("unknown e-mail address"), ledger.Canary("password of nobody"));
    }

    private async Task ForgeAsync()
    {
        var parts = token.Split('.');
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"sub":"{{ledger.Canary("forged subject")}}","exp":1700000000}"""));
        string[] forgeries = [$"{parts[0]}.{claims}.{parts[2]}", $"{parts[0]}.{parts[1]}.{ledger.Canary("forged signature")}", ledger.Canary("token that is none"), $"{parts[0]}.{claims}."];
        foreach (var forgery in forgeries)
        {
            ledger.Remember("a forged token", forgery);
            foreach (var (at, path) in new[] { (cast.Run.Place.Shop, "/api/orders"), (cast.Run.Service("catalog"), "/products"), (cast.Run.Service("orders"), "/") })
            {
                using var forger = cast.Shopper(forgery, at);
                using var refused = await forger.GetAsync(path);
                await refused.ProblemAsync(HttpStatusCode.Unauthorized);
            }
        }

        using var guest = cast.Guest();
        using var inQuery = await guest.GetAsync($"/api/orders?access_token={token}");
        await inQuery.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    private async Task FillHeadersAsync()
    {
        foreach (var at in new[] { cast.Run.Place.Shop, cast.Run.Place.Identity, cast.Run.Plain })
        {
            using var guest = cast.Guest(at);
            foreach (var header in Headers)
                using (await guest.SendAsync(HttpMethod.Get, "/api/catalog/categories", json: null, (header, ledger.Canary($"in the header {header}")))) { }
            using (await guest.SendAsync(HttpMethod.Get, "/api/catalog/categories", json: null, ("Cookie", $"session={ledger.Canary("in a cookie")}"))) { }
            using (await guest.SendAsync(HttpMethod.Get, "/api/orders", json: null, ("Authorization", $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"eve:{ledger.Canary("in a Basic credential")}"))}"))) { }
        }
    }

    private async Task FillAddressesAsync()
    {
        Uri[] places = [cast.Run.Place.Shop, cast.Run.Place.Identity, cast.Run.Plain, cast.Run.Service("catalog"), cast.Run.Service("orders"), cast.Run.Service("identity")];
        string[] paths =
        [
            "/CANARY", "/CANARY?token=CANARY", "/api/orders/CANARY", "/api/catalog/products/CANARY", "/products/CANARY", "/account/CANARY",
            "/account/login?ReturnUrl=%2FCANARY", "/connect/authorize?client_id=CANARY&redirect_uri=https://CANARY.example&state=CANARY&login_hint=CANARY",
            "/connect/authorize/callback?code=CANARY", "/api/catalog/products?CANARY=CANARY", "/api/catalog/products?q=%27%20OR%20name%3D%27CANARY%27--",
            "/api/catalog/products?after=CANARY", "/api/catalog/products?sort=CANARY", "/products?q=CANARY", "/health/CANARY",
        ];
        foreach (var at in places)
        {
            using var guest = cast.Guest(at);
            foreach (var path in paths)
                using (await guest.GetAsync(path.Replace("CANARY", ledger.Canary($"in {path} at {at}"), StringComparison.Ordinal))) { }
        }
    }

    private async Task FillBodiesAsync()
    {
        using var customer = cast.Shopper(token);
        string[] bodies =
        [
            $$"""{"lines":[{"productId":"{{ledger.Canary("in a body")}}","quantity":1}]}""", $$"""{"{{ledger.Canary("a property")}}":1}""",
            $"{{\"lines\": {ledger.Canary("bare in a body")}", $"\"{ledger.Canary("body")}\"",
        ];
        foreach (var body in bodies)
        {
            using var refused = await customer.SendAsync(HttpMethod.Post, "/api/orders", body, ("Idempotency-Key", ledger.Canary("Idempotency-Key of a bad body")));
            await refused.ProblemAsync(HttpStatusCode.BadRequest);
        }

        using var keyless = await customer.SendAsync(HttpMethod.Post, "/api/orders", "{}", ("Idempotency-Key", $"{ledger.Canary("in a bad Idempotency-Key")} !"));
        await keyless.ProblemAsync(HttpStatusCode.BadRequest);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = new StringContent(new string('x', 2_000_000) + ledger.Canary("in a large body"), Encoding.UTF8, "application/json") };
        large.Headers.ExpectContinue = true;
        using var tooLarge = await customer.SendAsync(large);
        await tooLarge.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    private async Task SpeakBadlyAsync()
    {
        var verb = ledger.Canary("method").ToUpperInvariant();
        await RawConnection.SendAsync(cast.Run.Place, $"{verb} /api/orders HTTP/1.1\r\nHost: localhost:{cast.Run.Place.Shop.Port}\r\nConnection: close\r\n\r\n");
        await RawConnection.SendAsync(cast.Run.Place, $"GET / HTTP/1.1\r\nHost: {ledger.Canary("host")}.example\r\nConnection: close\r\n\r\n");
        await RawConnection.SendAsync(cast.Run.Place, $"GET /{ledger.Canary("request line")} BAD\r\n\r\n");
        await RawConnection.SendAsync(cast.Run.Place, $"GET / HTTP/1.1\r\nHost: localhost:{cast.Run.Place.Shop.Port}\r\n{ledger.Canary("header line")} : x\r\nConnection: close\r\n\r\n");
    }
}
