using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Orders.Orders;

/// <summary>
/// An order and its way from state to state; every change of state is one method here.
/// </summary>
/// <remarks>
/// The row is its own idempotency record: (<see cref="CustomerId"/>, <see cref="IdempotencyKey"/>) is unique, so inserting the
/// order and claiming the key are one atomic step, and the answer to a repeated request is read off the state.
/// </remarks>
internal sealed class Order : IOwned
{
    public const int CustomerLength = 64;

    public required Guid Id { get; init; }

    public required string CustomerId { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>What was asked for, hashed by the customer's key: tells a repeated request from a key used for something else.</summary>
    public required byte[] RequestHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public OrderState State { get; private set; }

    public Rejection? Rejection { get; private set; }

    /// <summary>The product that the catalog refused, where it named one.</summary>
    public Guid? RefusedProductId { get; private set; }

    public string? Currency { get; private set; }

    public DateTimeOffset? PlacedAt { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>Until then the order belongs to whoever wrote this; after it anyone may take it over. Null in a final state.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>Counts the changes of the row; the ETag is made of it.</summary>
    public int Version { get; private set; } = 1;

    public List<OrderLine> Lines { get; init; } = [];

    string IOwned.OwnerId => CustomerId;

    public decimal? Total => PlacedAt is null ? null : Lines.Sum(line => line.UnitPrice!.Value * line.Quantity);

    public bool IsHalfway => State is OrderState.Pending or OrderState.Rejecting or OrderState.Cancelling;

    public bool IsLeased(DateTimeOffset now) => NextAttemptAt > now;

    public void Lease(DateTimeOffset until) => NextAttemptAt = until;

    public void Retry(DateTimeOffset at)
    {
        Attempts++;
        NextAttemptAt = at;
    }

    public void Place(IReadOnlyList<ReservedLine> sold, DateTimeOffset now)
    {
        var currencies = sold.Select(line => line.Currency).Distinct(StringComparer.Ordinal).ToList();
        if (currencies.Count != 1)
        {
            BeginRejecting(Orders.Rejection.MixedCurrencies);
            return;
        }

        Transition(OrderState.Pending, OrderState.Placed);
        foreach (var line in Lines)
            line.Confirm(sold.Single(candidate => candidate.ProductId == line.ProductId));
        Currency = currencies[0];
        PlacedAt = now;
        NextAttemptAt = null;
    }

    /// <summary>The catalog refused, and holds nothing for this order.</summary>
    public void Reject(Guid? productId)
    {
        Transition(OrderState.Pending, OrderState.Rejected);
        Rejection = Orders.Rejection.Refused;
        RefusedProductId = productId;
        NextAttemptAt = null;
    }

    /// <summary>Not to be placed; what the catalog may hold has to be released. The lease stays.</summary>
    public void BeginRejecting(Rejection reason)
    {
        Transition(OrderState.Pending, OrderState.Rejecting);
        Rejection = reason;
    }

    public void Cancel(DateTimeOffset leaseUntil)
    {
        Transition(OrderState.Placed, OrderState.Cancelling);
        Attempts = 0;
        NextAttemptAt = leaseUntil;
    }

    /// <summary>The catalog confirmed that it holds nothing any more.</summary>
    public void ConfirmRelease(DateTimeOffset now)
    {
        if (State == OrderState.Rejecting)
        {
            State = OrderState.Rejected;
        }
        else
        {
            Transition(OrderState.Cancelling, OrderState.Cancelled);
            CancelledAt = now;
        }

        NextAttemptAt = null;
    }

    private void Transition(OrderState from, OrderState to)
    {
        if (State != from)
            throw new InvalidOperationException($"An order that is {State.ToWire()} does not become {to.ToWire()}.");
        State = to;
    }
}
