using System.Text.Json.Nodes;

namespace SecureShop.Catalog.Tests;

/// <summary>A good product request; tests change one thing of it.</summary>
internal static class Sample
{
    public static JsonObject Product(string name = "Walnut Ruler", decimal price = 12.50m, int stock = 10, bool published = true) => new()
    {
        ["name"] = name,
        ["description"] = "Thirty centimetres, straight.",
        ["category"] = "office",
        ["price"] = price,
        ["currency"] = "EUR",
        ["cost"] = 5.25m,
        ["supplier"] = "Old Quay Merchants",
        ["stock"] = stock,
        ["published"] = published,
    };

    /// <summary>Another description: a product has its stock apart.</summary>
    public static JsonObject Description(string name = "Walnut Ruler", decimal price = 12.50m) => Described(Product(name, price));

    /// <summary>The description in <paramref name="product"/>.</summary>
    public static JsonObject Described(JsonObject product)
    {
        var description = product.DeepClone().AsObject();
        description.Remove("stock");
        return description;
    }

    public static JsonObject With(string field, JsonNode? value)
    {
        var product = Product();
        product[field] = value;
        return product;
    }

    public static JsonObject Without(string field)
    {
        var product = Product();
        product.Remove(field);
        return product;
    }

    public static object Lines(params (string Id, int Quantity)[] lines)
        => new { lines = lines.Select(line => new { productId = line.Id, quantity = line.Quantity }).ToArray() };
}
