using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Input;

namespace SecureShop.Catalog.Contracts;

/// <summary>
/// What a seller may say about a product, when creating and when replacing it. There is no id, owner or version here,
/// so none can be assigned (P18).
/// </summary>
internal sealed record ProductRequest
{
    [PlainText(Product.NameLength)]
    public required string Name { get; init; }

    [PlainText(Product.DescriptionLength, Lines = true)]
    public required string Description { get; init; }

    [Description("The id of a category, as GET /categories lists them.")]
    [RegularExpression("^[a-z]{1,40}$", MatchTimeoutInMilliseconds = 100)]
    public required string Category { get; init; }

    [Money]
    public required decimal Price { get; init; }

    [Description("CHF, EUR, GBP, SEK or USD.")]
    [AllowedValues("CHF", "EUR", "GBP", "SEK", "USD")]
    public required string Currency { get; init; }

    [Description("What the product cost the seller; shown to the owner and admins only.")]
    [Money(OrZero = true)]
    public decimal? Cost { get; init; }

    [Description("Who the seller bought it from; shown to the owner and admins only.")]
    [PlainText(Product.SupplierLength)]
    public string? Supplier { get; init; }

    [Range(0, Product.MaxStock)]
    public required int Stock { get; init; }

    [Description("False keeps it a draft, which the owner and admins see.")]
    public required bool Published { get; init; }
}

/// <summary>A new count of the shelf.</summary>
internal sealed record StockRequest
{
    [Range(0, Product.MaxStock)]
    public required int Quantity { get; init; }
}
