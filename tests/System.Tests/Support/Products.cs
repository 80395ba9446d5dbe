using System.Net;

namespace SecureShop.SystemTests.Support;

/// <summary>A seller's work.</summary>
internal static class Products
{
    public static string Json(string name = "Brass desk lamp", decimal price = 39.90m, int stock = 5, string more = "")
        => Description(name, price, string.Create(System.Globalization.CultureInfo.InvariantCulture, $",\"stock\":{stock}{more}"));

    /// <summary>A product's new description.</summary>
    public static string Description(string name, decimal price = 39.90m, string more = "") => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $$"""{"name":"{{name}}","description":"Gives light.","category":"lighting","price":{{price}},"currency":"EUR","published":true{{more}}}""");

    public static async Task<(Guid Id, string ETag)> CreateAsync(Shopper seller, int stock)
    {
        using var answer = await seller.SendAsync(HttpMethod.Post, "/api/catalog/products", Json(stock: stock));
        return ((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), answer.Headers.ETag!.ToString());
    }

    public static async Task<int> StockAsync(Shopper seller, Guid id)
    {
        using var answer = await seller.GetAsync($"/api/catalog/products/{id}/stock");
        return (await answer.JsonAsync()).GetProperty("quantity").GetInt32();
    }
}
