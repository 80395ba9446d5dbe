using System.ComponentModel.DataAnnotations;

namespace SecureShop.Orders.Refunds;

/// <summary>How much of what was paid is given back.</summary>
public sealed record RefundRequest : IValidatableObject
{
    private const string Rule = "An amount of more than 0, with two decimals at most.";

    /// <summary>In the order's currency, with two decimals at most.</summary>
    [Range(typeof(decimal), "0.01", "999999999.99", ErrorMessage = Rule, ParseLimitsInInvariantCulture = true)]
    public required decimal Amount { get; init; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (decimal.Round(Amount, 2) != Amount)
            yield return new ValidationResult(Rule, [nameof(Amount)]);
    }
}

/// <summary>A refund.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OrderId">The order's id.</param>
/// <param name="Amount">How much, in the order's currency.</param>
/// <param name="State">pending or done.</param>
/// <param name="CreatedAt">When it was given.</param>
public sealed record RefundResponse(Guid Id, Guid OrderId, decimal Amount, string State, DateTimeOffset CreatedAt)
{
    internal static RefundResponse Of(Refund refund) => new(
        refund.Id, refund.OrderId, refund.Amount, refund.State == RefundState.Pending ? "pending" : "done", refund.CreatedAt);
}
