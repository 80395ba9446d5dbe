using System.ComponentModel.DataAnnotations;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Catalog.Stock;

/// <summary>A new count of the shelf.</summary>
public sealed record StockRequest
{
    /// <summary>How many there are.</summary>
    [Range(0, StockLevel.Max, ErrorMessage = InputMessages.WholeNumber)]
    public required int Quantity { get; init; }
}
