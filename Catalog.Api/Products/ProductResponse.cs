using System.Linq.Expressions;
using SecureShop.Catalog.Variants;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Catalog.Products;

/// <summary>A product as everyone sees it.</summary>
internal sealed record ProductResponse(
    Guid Id, string SellerId, string Name, string Description, string Category, decimal Price, string Currency, string Language, string[] Images,
    VariantResponse[] Variants) : IOwned
{
    string IOwned.OwnerId => SellerId;

    public static ProductResponse Of(Product product) => new(
        product.Id, product.SellerId, product.Name, product.Description, product.CategoryId, product.Price, product.Currency, product.Language, product.Images,
        VariantResponse.Of(product.Variants));
}

/// <summary>A product as its owner and admins see it: the private fields too.</summary>
internal sealed record OwnProductResponse(
    Guid Id,
    string SellerId,
    string Name,
    string Description,
    string Category,
    decimal Price,
    string Currency,
    decimal? Cost,
    string? Supplier,
    bool Published,
    string Language,
    string[] Images,
    VariantResponse[] Variants,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static readonly Expression<Func<Product, OwnProductResponse>> Projection = product => new(
        product.Id,
        product.SellerId,
        product.Name,
        product.Description,
        product.CategoryId,
        product.Price,
        product.Currency,
        product.Cost,
        product.Supplier,
        product.Published,
        product.Language,
        product.Images,
        VariantResponse.Of(product.Variants),
        product.CreatedAt,
        product.UpdatedAt);

    public static readonly Func<Product, OwnProductResponse> Of = Projection.Compile();
}
