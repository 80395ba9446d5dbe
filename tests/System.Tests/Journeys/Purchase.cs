using System.Net;
using System.Security.Cryptography;
using SecureShop.SystemTests.Support;
using SecureShop.SystemTests.Support.Secrets;

namespace SecureShop.SystemTests.Journeys;

/// <summary>Search, order, look, cancel; and what a seller and support do about it.</summary>
internal sealed class Purchase(Cast cast, string token)
{
    private readonly SecretLedger ledger = cast.Ledger;

    /// <summary>The trace id in the problem of an order that the catalog refuses.</summary>
    public string RefusedOrder { get; private set; } = "";

    /// <summary>What the customer said about where to send it.</summary>
    public SecretLedger Delivered { get; } = new();

    public async Task MakeAsync()
    {
        using var customer = cast.Shopper(token);
        using var searched = await customer.GetAsync($"/api/catalog/products?q={ledger.Canary("search")}");
        await searched.JsonAsync();
        using var found = await customer.GetAsync("/api/catalog/products?inStock=true&limit=1");
        var product = (await found.JsonAsync()).GetProperty("items")[0].GetProperty("id").GetGuid();

        // The first finds Orders without a token of its own, the second with one. The same key again is no new order.
        var key = ledger.Canary("Idempotency-Key");
        var id = Guid.Empty;
        var delivery = Delivery();
        foreach (var order in new[] { key, ledger.Canary("second Idempotency-Key"), key })
        {
            using var placed = await customer.OrderAsync(product, 1, order, delivery: delivery);
            id = (await placed.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        }

        using var refused = await customer.OrderAsync(Guid.CreateVersion7(), 1, ledger.Canary("Idempotency-Key of a refused order"));
        await refused.ProblemAsync(HttpStatusCode.Conflict);
        RefusedOrder = await refused.TraceIdAsync();
        using var used = await customer.OrderAsync(product, 2, key, delivery: delivery);
        await used.ProblemAsync(HttpStatusCode.UnprocessableEntity);

        using var address = await customer.GetAsync($"/api/orders/{id}/delivery");
        await address.JsonAsync();
        using var orders = await customer.GetAsync("/api/orders?limit=1");
        await orders.JsonAsync();
        using var cancelled = await customer.SendAsync(HttpMethod.Post, $"/api/orders/{id}/cancel");
        await cancelled.JsonAsync();
    }

    private string Delivery()
    {
        return $$"""
            {"recipient":"{{Canary("recipient")}}","street":"{{Canary("street")}}","supplement":"{{Canary("supplement")}}","postalCode":"{{Digits(12)}}","city":"{{Canary("city")}}",
             "country":"SE","phone":"+46{{Digits(12)}}","email":"{{Canary("email")}}@wren.example","note":"{{Canary("note")}}"}
            """;

        string Canary(string what) => Delivered.Remember($"the canary {what}", ledger.Canary(what));

        string Digits(int count) => Delivered.Remember("the canary number", ledger.Remember("the canary number", RandomNumberGenerator.GetString("123456789", count)));
    }

    public async Task SellAsync()
    {
        using var sam = cast.Shopper((await cast.SignInAsync("sam")).Access);
        using var created = await sam.SendAsync(HttpMethod.Post, "/api/catalog/products", Products.Json(
            ledger.Canary("name of a draft"), more: $""","cost":12.34,"supplier":"{ledger.Canary("supplier")}" """).Replace("\"published\":true", "\"published\":false", StringComparison.Ordinal));
        await created.JsonAsync(HttpStatusCode.Created);

        using var susan = cast.Shopper((await cast.SignInAsync("susan")).Access);
        using var theirs = await susan.GetAsync($"/api/orders/all?customer={ledger.Canary("customer asked for")}");
        await theirs.JsonAsync();
    }
}
