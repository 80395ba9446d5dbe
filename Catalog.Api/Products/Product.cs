using SecureShop.Catalog.Variants;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Catalog.Products;

/// <summary>Something a seller offers; how many there are is a row of its own (<see cref="Stock.StockLevel"/>). Never on the wire: requests and responses are types of their own.</summary>
internal sealed class Product : IOwned
{
    public const int NameLength = 120;
    public const int DescriptionLength = 4000;
    public const int SupplierLength = 120;
    public const int SellerLength = 64;

    /// <summary>A UUIDv7 with 74 random bits, so that neighbours cannot be guessed from it (P16).</summary>
    public required Guid Id { get; init; }

    /// <summary>The subject of the seller it belongs to; set once, from the token.</summary>
    public required string SellerId { get; init; }

    public required string Name { get; set; }

    public required string Description { get; set; }

    /// <summary>The language of name and description, by whose stems they are found.</summary>
    public string Language { get; set; } = ProductSearch.DefaultLanguage;

    public required string CategoryId { get; set; }

    public required decimal Price { get; set; }

    public required string Currency { get; set; }

    /// <summary>What the seller paid; for the owner and admins only.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Who the seller bought it from; for the owner and admins only.</summary>
    public string? Supplier { get; set; }

    /// <summary>Addresses of pictures, at hosts that the shop names (<see cref="ProductImages"/>).</summary>
    public string[] Images { get; set; } = [];

    /// <summary>Its kinds, each bought by itself; without any, it is the product that is bought.</summary>
    public ProductVariant[] Variants { get; set; } = [];

    /// <summary>A draft is seen by its owner and admins only.</summary>
    public required bool Published { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts its changes; the ETag is made of it.</summary>
    public int Version { get; init; } = 1;

    string IOwned.OwnerId => SellerId;
}
