using System.Net;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Journeys;

/// <summary>Stores fail while values are on their way: what an exception says is the easiest thing to log too much of.</summary>
internal sealed class Outages(Cast cast, string token)
{
    private readonly SecretLedger ledger = cast.Ledger;

    /// <summary>Tables are missing, or what guests read of one.</summary>
    public async Task EndureAsync(AdminDatabase database)
    {
        await database.WithoutTableAsync("catalog", "published_products", async () =>
        {
            using var guest = cast.Guest(comesBack: false);
            using var failed = await guest.GetAsync($"/api/catalog/products?q={ledger.Canary("search without a table")}");
            await failed.ProblemAsync(HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable);
        });
        await database.WithoutTableAsync("orders", "orders", async () =>
        {
            using var customer = cast.Shopper(token, comesBack: false);
            using var failed = await customer.OrderAsync(Guid.CreateVersion7(), 1, ledger.Canary("Idempotency-Key without a table"));
            await failed.ProblemAsync(HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable);
        });
        await database.WithoutTableAsync("identity", "users", async () =>
        {
            using var browser = cast.Browser(comesBack: false);
            Assert.True(await SignInAsync(browser, "sign-in without a table") >= HttpStatusCode.InternalServerError);
        });
    }

    /// <summary>Connections break.</summary>
    public async Task LoseConnectionsAsync(AdminDatabase database)
    {
        await database.CutConnectionsAsync();
        using (var guest = cast.Guest())
        using (await guest.GetAsync($"/api/catalog/products?q={ledger.Canary("search on a cut connection")}")) { }

        // Redis comes back by itself; meanwhile no attempt is let through, or it is counted without Redis, and the log says so.
        await cast.Run.KillAsync("redis");
        using var person = cast.Browser(comesBack: false);
        await SignInAsync(person, "sign-in without Redis");
    }

    private Task<HttpStatusCode> SignInAsync(Browser browser, string when) =>
        browser.GuessAsync(ledger.CanaryEmail($"e-mail address of a {when}"), ledger.Canary($"password of a {when}"));
}
