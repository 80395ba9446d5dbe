using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using SecureShop.Orders.Tests.Support;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>Orders with somewhere to send them to.</summary>
internal static class Deliveries
{
    /// <summary>Every field, each with what is nowhere else in the world.</summary>
    public static Dictionary<string, string?> Canaries()
    {
        return new(StringComparer.Ordinal)
        {
            ["recipient"] = $"Wren {Mark()}",
            ["street"] = $"{Mark()} lane 4",
            ["supplement"] = $"flat {Mark()}",
            ["postalCode"] = RandomNumberGenerator.GetString("ABCDEFGHJKLMNP0123456789", 12),
            ["city"] = $"Town {Mark()}",
            ["country"] = "SE",
            ["phone"] = $"+46{RandomNumberGenerator.GetString("123456789", 12)}",
            ["email"] = $"{Mark()}@wren.example",
            ["note"] = $"ring at {Mark()}\nand wait",
        };

        static string Mark() => $"kanari{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    }

    public static object Order(TestProduct product, object? delivery) => new { lines = new[] { new { productId = product.Id, quantity = 1 } }, paymentMethod = "pm_ok", delivery };

    /// <summary>The id of an order that is sent to <paramref name="delivery"/>.</summary>
    public static async Task<Guid> PlacedAsync(this Caller customer, TestProduct product, IReadOnlyDictionary<string, string?> delivery)
    {
        using var placed = await customer.PlaceAsync(Order(product, delivery));
        Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
        return (await placed.JsonAsync()).GetProperty("id").GetGuid();
    }

    public static async Task<Dictionary<string, string?>> DeliveryAsync(this Caller caller, Guid order, string what = "delivery")
    {
        using var read = await caller.GetAsync($"/{order}/{what}");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        return (await read.Content.ReadFromJsonAsync<Dictionary<string, string?>>(TestContext.Current.CancellationToken))!;
    }
}
