using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SecureShop.Catalog.Products;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Variants;

/// <summary>What a seller says about one kind of a product.</summary>
public sealed record VariantRequest
{
    private const string SkuRule = "1 to 40 letters, digits, dots, dashes and underscores, a letter or digit first.";

    /// <summary>Which one it is.</summary>
    [Description("The id of one that is there, which it keeps with its stock; leave it out for a new one.")]
    public Guid? Id { get; init; }

    /// <summary>The seller's own number for it.</summary>
    [Description(SkuRule)]
    [Length(1, ProductVariant.SkuLength, ErrorMessage = SkuRule)]
    [Pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", ErrorMessage = SkuRule)]
    public required string Sku { get; init; }

    /// <summary>Its size.</summary>
    [PlainText(ProductVariant.OptionLength)]
    public string? Size { get; init; }

    /// <summary>Its colour.</summary>
    [PlainText(ProductVariant.OptionLength)]
    public string? Colour { get; init; }

    /// <summary>The price of one, where it is another than the product's.</summary>
    [Money]
    public decimal? Price { get; init; }
}
