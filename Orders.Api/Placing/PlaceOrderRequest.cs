using System.ComponentModel.DataAnnotations;
using SecureShop.Orders.Personal;
using SecureShop.ServiceDefaults.Input;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Placing;

/// <summary>What a customer asks for: products and quantities, how they pay, and where to send it. Prices, names and sellers come from the catalog alone.</summary>
public sealed record PlaceOrderRequest : IValidatableObject
{
    private const int MaxLines = 50;

    /// <summary>1 to 50 lines, each of another product.</summary>
    [Length(1, MaxLines, ErrorMessage = InputMessages.Lines)]
    public required IReadOnlyList<PlaceOrderLine> Lines { get; init; }

    /// <summary>What the payment provider's client called the means of payment, as in pm_ok. No number of a card: one is refused.</summary>
    [MaxLength(PaymentMethods.MaxLength, ErrorMessage = PaymentMethods.Rule)]
    public required string PaymentMethod { get; init; }

    /// <summary>Where to send it. Without it, the customer collects the goods from their sellers.</summary>
    public DeliveryRequest? Delivery { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The serializer lets null into a list in spite of the annotation.
        if (Lines.Any(line => line is null))
            yield return new ValidationResult("A line must not be null.", [nameof(Lines)]);
        else if (Lines.DistinctBy(line => line.ProductId).Count() != Lines.Count)
            yield return new ValidationResult("Each product may stand in one line only.", [nameof(Lines)]);
        if (!PaymentMethods.IsValid(PaymentMethod))
            yield return new ValidationResult(PaymentMethods.Rule, [nameof(PaymentMethod)]);
    }
}

/// <summary>One line of <see cref="PlaceOrderRequest"/>.</summary>
public sealed record PlaceOrderLine
{
    /// <summary>The product's id in the catalog.</summary>
    public required Guid ProductId { get; init; }

    /// <summary>Which of its variants, where it has some.</summary>
    public Guid? VariantId { get; init; }

    /// <summary>How many, 1 to 99.</summary>
    [Range(1, 99, ErrorMessage = InputMessages.WholeNumber)]
    public required int Quantity { get; init; }
}
