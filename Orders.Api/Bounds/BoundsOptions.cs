using Microsoft.Extensions.Options;

namespace SecureShop.Orders.Bounds;

/// <summary>Section <c>Bounds</c>: what one customer may have open, that is ordered and not yet on its way, so that one account cannot empty the shop.</summary>
internal sealed record BoundsOptions
{
    public const string Section = "Bounds";

    /// <summary>Open orders.</summary>
    public int OpenOrders { get; init; } = 100;

    /// <summary>Pieces of one product in all open orders.</summary>
    public int PiecesPerProduct { get; init; } = 200;

    /// <summary>What all open orders of one currency are worth.</summary>
    public decimal OpenAmount { get; init; } = 250_000m;

    internal sealed class Validator : IValidateOptions<BoundsOptions>
    {
        public ValidateOptionsResult Validate(string? name, BoundsOptions options)
            => options is { OpenOrders: >= 1, PiecesPerProduct: >= 1, OpenAmount: > 0 }
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Set Bounds__OpenOrders and Bounds__PiecesPerProduct to 1 or more, and Bounds__OpenAmount to more than nothing.");
    }
}
