using System.ComponentModel.DataAnnotations;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Catalog.Reservations;

/// <summary>The stock that an order takes.</summary>
public sealed record ReservationRequest : IValidatableObject
{
    private const int MaxLines = 50;

    /// <summary>1 to 50 lines, each of another product or variant.</summary>
    [Length(1, MaxLines, ErrorMessage = InputMessages.Lines)]
    public required IReadOnlyList<ReservationLineRequest> Lines { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The serializer lets null into a list in spite of the annotation.
        if (Lines.Any(line => line is null))
            yield return new("A line must not be null.", [nameof(Lines)]);
        else if (Lines.DistinctBy(line => (line.ProductId, line.VariantId)).Count() != Lines.Count)
            yield return new("Each product, or each variant of it, may stand in one line only.", [nameof(Lines)]);
    }
}

/// <summary>One line of a <see cref="ReservationRequest"/>.</summary>
public sealed record ReservationLineRequest
{
    /// <summary>The product.</summary>
    public required Guid ProductId { get; init; }

    /// <summary>Which of its variants, where it has some.</summary>
    public Guid? VariantId { get; init; }

    /// <summary>How many of it.</summary>
    [Range(1, 99, ErrorMessage = InputMessages.WholeNumber)]
    public required int Quantity { get; init; }
}
