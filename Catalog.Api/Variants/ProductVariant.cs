using System.Text.Json;
using System.Text.Json.Serialization;
using SecureShop.Catalog.Products;

namespace SecureShop.Catalog.Variants;

/// <summary>
/// A kind of a product, which is bought by itself: of another size or colour, and perhaps at a price of its own. Kept within the product's row, so that it changes
/// with the product's version, and is read by the same statement. What there is of it is a row of the stock.
/// </summary>
internal sealed record ProductVariant(Guid Id, string Sku, string? Size, string? Colour, decimal? Price)
{
    public const int SkuLength = 40;
    public const int OptionLength = 24;

    /// <summary>The most that a product has.</summary>
    public const int Most = 20;

    /// <summary>The longest name of something bought: that of the product, and both options.</summary>
    public const int BoughtLength = Product.NameLength + (2 * (OptionLength + 2));

    /// <summary>What of a product is counted and bought: each variant, or the product itself where it has none.</summary>
    public static Guid[] ItemsOf(IReadOnlyList<ProductVariant> variants) => variants.Count == 0 ? [Guid.Empty] : [.. variants.Select(variant => variant.Id)];

    /// <summary>What was bought, as orders and parcels call it.</summary>
    public string NameOf(Product product) => string.Join(", ", ((string?[])[product.Name, Size, Colour]).OfType<string>());

    public static string Write(ProductVariant[] variants) => JsonSerializer.Serialize(variants, VariantJson.Default.ProductVariantArray);

    public static ProductVariant[] Read(string text) => text == "[]" ? [] : JsonSerializer.Deserialize(text, VariantJson.Default.ProductVariantArray)!;
}

/// <summary>How variants are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProductVariant[]))]
internal sealed partial class VariantJson : JsonSerializerContext;
