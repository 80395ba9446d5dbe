using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SecureShop.Catalog.Stock;
using SecureShop.Catalog.Variants;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Products;

/// <summary>
/// What a seller may say about a product, when creating and when replacing it. There is no id, owner or version here,
/// so none can be assigned (P18). Public, because the generator of validation passes over internal types in silence.
/// </summary>
public abstract record ProductDescription
{
    private const string Currencies = "CHF, EUR, GBP, SEK or USD.";
    private const string Languages = "english (as without), french, german, italian, spanish, swedish, or simple for any other.";

    /// <summary>What it is called.</summary>
    [PlainText(Product.NameLength)]
    public required string Name { get; init; }

    /// <summary>What it is, in a few sentences.</summary>
    [PlainText(Product.DescriptionLength, Lines = true)]
    public required string Description { get; init; }

    /// <summary>The language of both.</summary>
    [Description(Languages)]
    [AllowedValues("simple", "english", "french", "german", "italian", "spanish", "swedish", ErrorMessage = Languages)]
    public string Language { get; init; } = ProductSearch.DefaultLanguage;

    /// <summary>The shelf it stands on.</summary>
    [Description("The id of a category, as GET /categories lists them.")]
    [Pattern("^[a-z]{1,40}$", ErrorMessage = "A category's id: 1 to 40 small letters.")]
    public required string Category { get; init; }

    /// <summary>The price of one.</summary>
    [Money]
    public required decimal Price { get; init; }

    /// <summary>The currency of price and cost.</summary>
    [Description(Currencies)]
    [AllowedValues("CHF", "EUR", "GBP", "SEK", "USD", ErrorMessage = Currencies)]
    public required string Currency { get; init; }

    /// <summary>What the seller paid.</summary>
    [Description("What the product cost the seller; shown to the owner and admins only.")]
    [Money(AllowZero = true)]
    public decimal? Cost { get; init; }

    /// <summary>Whom the seller bought it from.</summary>
    [Description("Who the seller bought it from; shown to the owner and admins only.")]
    [PlainText(Product.SupplierLength)]
    public string? Supplier { get; init; }

    /// <summary>Pictures of it.</summary>
    [Description("Addresses of pictures, https and at the hosts that the shop takes them from, in the order in which they are shown.")]
    [Length(0, ProductImages.Most, ErrorMessage = "{1} to {2} addresses.")]
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Its kinds.</summary>
    [Description("Its kinds, where there are several, each of a size or a colour of its own: with any, it is one of them that is bought.")]
    [Length(0, ProductVariant.Most, ErrorMessage = "{1} to {2} variants.")]
    public IReadOnlyList<VariantRequest> Variants { get; init; } = [];

    /// <summary>Whether everyone sees it.</summary>
    [Description("False keeps it a draft, which the owner and admins see.")]
    public required bool Published { get; init; }
}

/// <summary>A new product.</summary>
public sealed record ProductRequest : ProductDescription
{
    /// <summary>How many there are at first.</summary>
    [Description("How many there are at first; from then on it is read and set at /products/{id}/stock. 0 where there are variants, each of which is counted there by itself.")]
    [Range(0, StockLevel.Max, ErrorMessage = InputMessages.WholeNumber)]
    public required int Stock { get; init; }
}

/// <summary>A product's new description.</summary>
public sealed record ReplaceProductRequest : ProductDescription;
