using System.Net;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Journeys;

/// <summary>Registers, mistypes the password, signs in, uses and gives back every kind of token, signs out.</summary>
internal sealed class Newcomer(Cast cast)
{
    private readonly SecretLedger ledger = cast.Ledger;

    public Tokens Tokens { get; private set; } = null!;

    /// <summary>Who they said to be.</summary>
    public SecretLedger Account { get; } = new();

    public async Task ArriveAsync()
    {
        var (email, password) = (ledger.CanaryEmail("e-mail address"), ledger.Canary("password"));
        using var browser = cast.Browser();
        Account.Remember("the part before the @", email.Split('@')[0]);
        await browser.RegisterAsync(Account.Remember("the name", ledger.Canary("name")), Account.Remember("the address", email), password);
        await browser.ConfirmAsync(email, password);
        await browser.RegisterAsync(ledger.Canary("name of a second try"), email, ledger.Canary("password of a second try"));

        Assert.Equal(HttpStatusCode.OK, await browser.GuessAsync(email, ledger.Canary("mistyped password")));
        Tokens = await browser.SignInAsync(email, password, ShopSystem.EveryScope);
        await CallWithKeyAsync(browser);

        using var me = cast.Shopper(Tokens.Access, cast.Run.Place.Identity);
        using var self = await me.GetAsync("/connect/userinfo");
        ledger.Remember("the name claim", (await self.JsonAsync()).GetProperty("name").GetString()!);
    }

    /// <summary>A program of theirs calls with a key: a good one, one that is none, and the good one in places where no key belongs.</summary>
    private async Task CallWithKeyAsync(Browser browser)
    {
        var key = ledger.Remember("an API key", await browser.MakeKeyAsync(ledger.Canary("name of a key"), "orders.read"));
        using var program = cast.Guest();
        foreach (var (path, header, value, status) in ((string, string, string, HttpStatusCode)[])
        [
            ("/api/orders", "X-Api-Key", key, HttpStatusCode.OK),
            ("/api/orders", "X-Api-Key", $"sk_shop_{ledger.Canary("made-up key")}", HttpStatusCode.Unauthorized),
            ("/api/orders", "Authorization", $"Bearer {key}", HttpStatusCode.Unauthorized),
            ($"/api/orders?api_key={key}", "Accept", "application/json", HttpStatusCode.Unauthorized),
        ])
        {
            using var answer = await program.SendAsync(HttpMethod.Get, path, json: null, (header, value));
            Assert.Equal(status, answer.StatusCode);
        }

        await browser.RevokeKeyAsync();
    }

    public async Task LeaveAsync()
    {
        using var browser = cast.Browser();
        var refreshed = await browser.TokensAsync(new() { ["grant_type"] = "refresh_token", ["client_id"] = "mobile", ["refresh_token"] = Tokens.Refresh! });
        using var again = await browser.PostAsync("/connect/token", new() { ["grant_type"] = "refresh_token", ["client_id"] = "mobile", ["refresh_token"] = Tokens.Refresh! });
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        using var revoked = await browser.PostAsync("/connect/revocation", new() { ["client_id"] = "mobile", ["token"] = refreshed.Refresh ?? Tokens.Refresh! });
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        var page = await browser.FollowAsync(new Uri($"/connect/endsession?id_token_hint={Tokens.Id}&state={ledger.Canary("state of sign-out")}", UriKind.Relative));
        Assert.Contains("logout", page.OriginalString, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Many at once with one address: the look before passes them all, and the constraint in Postgres decides.</summary>
    public async Task RaceAsync()
    {
        var email = ledger.CanaryEmail("e-mail address of a race");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async number =>
        {
            using var browser = cast.Browser();
            await browser.RegisterAsync(ledger.Canary($"name {number} of a race"), email, ledger.Canary($"password {number} of a race"));
        }));
    }
}
