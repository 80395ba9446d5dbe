namespace SecureShop.Catalog.Variants;

/// <summary>A kind of a product, as everyone sees it; without a price, it has the product's.</summary>
internal sealed record VariantResponse(Guid Id, string Sku, string? Size, string? Colour, decimal? Price)
{
    public static VariantResponse[] Of(ProductVariant[] variants)
        => [.. variants.Select(variant => new VariantResponse(variant.Id, variant.Sku, variant.Size, variant.Colour, variant.Price))];
}
