using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Catalog.Stock;

/// <summary>
/// How many there are of a product, or of one of its variants. Apart from it, so that a sale changes neither the product, nor its version, nor any copy of it that somebody keeps.
/// </summary>
internal sealed class StockLevel : IOwned
{
    public const int Max = 1_000_000;

    public required Guid ProductId { get; init; }

    /// <summary>Of which of its variants; <see cref="Guid.Empty"/> where it has none. There is a row for each thing that can be bought, and no other.</summary>
    public Guid VariantId { get; init; }

    /// <summary>The product's seller; the database lets it be nobody else.</summary>
    public required string SellerId { get; init; }

    public required int Quantity { get; init; }

    /// <summary>When it was last counted, taken or given back.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts its changes, sales among them.</summary>
    public int Version { get; init; } = 1;

    string IOwned.OwnerId => SellerId;
}
