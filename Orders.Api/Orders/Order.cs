using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Orders;

/// <summary>An order and its way from state to state; every change of state passes <see cref="Move"/>.</summary>
/// <remarks>
/// The row is its own idempotency record: (<see cref="CustomerId"/>, <see cref="IdempotencyKey"/>) is unique, so inserting the
/// order and claiming the key are one atomic step, and the answer to a repeated request is read off the state.
/// </remarks>
internal sealed class Order : IOwned
{
    public const int CustomerLength = 64;

    private readonly List<OrderChange> changes = [];

    public required Guid Id { get; init; }

    public required string CustomerId { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 over what was asked for: tells a repeated request from a key used for something else.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>What the payment provider knows the customer's means of payment by; no number of a card or an account.</summary>
    public required string PaymentMethod { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public OrderState State { get; private set; }

    public Rejection? Rejection { get; private set; }

    /// <summary>The product that the catalog refused, where it named one.</summary>
    public Guid? RefusedProductId { get; private set; }

    public string? Currency { get; private set; }

    public DateTimeOffset? PlacedAt { get; private set; }

    /// <summary>Until when the catalog holds the stock without a confirmation; null where it holds it until it is released.</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>What was paid.</summary>
    public decimal Captured { get; private set; }

    /// <summary>What of it is given back, or promised to be.</summary>
    public decimal Refunded { get; private set; }

    public Guid? StepId { get; private set; }

    /// <summary>What is to be done next; there in the half-way states, and in no other.</summary>
    public OutboxMessage? Step { get; private set; }

    /// <summary>Counts the changes of the row; the ETag is made of it.</summary>
    public int Version { get; private set; } = 1;

    public List<OrderLine> Lines { get; init; } = [];

    string IOwned.OwnerId => CustomerId;

    public decimal? Total => PlacedAt is null ? null : Lines.Sum(line => line.UnitPrice!.Value * line.Quantity);

    public bool IsHalfway => State.Step() is not null;

    /// <summary>Its customer may still have it cancelled.</summary>
    public bool IsCancellable => Transitions.Allow(State, OrderState.Cancelling, Party.Customer);

    /// <summary>The changes of state since it was read, which are told when they are saved.</summary>
    public IReadOnlyList<OrderChange> Changes => changes;

    /// <summary>The catalog holds the stock.</summary>
    public void Reserve(IReadOnlyList<ReservedLine> sold, DateTimeOffset? heldUntil, DateTimeOffset now)
    {
        Move(OrderState.Reserved, Party.Shop);
        foreach (var line in Lines)
            line.Confirm(sold.Single(candidate => candidate.ProductId == line.ProductId));
        Currency = sold[0].Currency;
        PlacedAt = now;
        HeldUntil = heldUntil;
    }

    /// <summary>The catalog refused, and holds nothing for this order.</summary>
    public void Reject(Guid? productId)
    {
        Move(OrderState.Rejected, Party.Shop);
        Rejection = Orders.Rejection.Refused;
        RefusedProductId = productId;
    }

    /// <summary>Not to come about; what catalog and payment provider may hold has to be given back.</summary>
    public void BeginRejecting(Rejection reason)
    {
        Move(OrderState.Rejecting, Party.Shop);
        Rejection = reason;
    }

    public void Authorize() => Move(OrderState.Authorized, Party.Shop);

    /// <summary>Paid in full.</summary>
    public void Confirm()
    {
        Captured = Total!.Value;
        Move(OrderState.Confirmed, Party.Shop);
    }

    public void Cancel() => Move(OrderState.Cancelling, Party.Customer);

    /// <summary>Nothing is held or charged any more.</summary>
    public void ConfirmGivenBack(DateTimeOffset now)
    {
        Refunded = Captured;
        if (State == OrderState.Rejecting)
        {
            Move(OrderState.Rejected, Party.Shop);
            return;
        }

        Move(OrderState.Cancelled, Party.Shop);
        CancelledAt = now;
    }

    /// <summary>The lines of <paramref name="seller"/> are on their way.</summary>
    public void Ship(string seller, DateTimeOffset now)
    {
        foreach (var line in Lines.Where(line => line.SellerId == seller))
            line.Ship(now);
        var next = Lines.TrueForAll(line => line.ShippedAt is not null) ? OrderState.Shipped : OrderState.Shipping;
        if (next != State)
            Move(next, Party.Seller);
    }

    /// <summary>The lines of <paramref name="seller"/> have arrived.</summary>
    public void Deliver(string seller, DateTimeOffset now)
    {
        foreach (var line in Lines.Where(line => line.SellerId == seller))
            line.Deliver(now);
        if (Lines.TrueForAll(line => line.DeliveredAt is not null))
            Move(OrderState.Delivered, Party.Seller);
    }

    /// <summary>Whether some of what was paid may be given back now. Before anything is shipped the customer cancels.</summary>
    public bool IsRefundable => Transitions.Allow(State, OrderState.Refunded, Party.Staff);

    /// <summary>What is promised is not there to be promised again.</summary>
    public void PromiseRefund(decimal amount)
    {
        if (!IsRefundable || amount <= 0 || Refunded + amount > Captured)
            throw new InvalidOperationException("Nobody gives back more than was paid, nor before anything is shipped.");
        Refunded += amount;
    }

    /// <summary>The provider has given what was promised, or refused to.</summary>
    public void EndRefund(decimal amount, bool done)
    {
        if (!done)
            Refunded -= amount;
        else if (Refunded == Captured)
            Move(OrderState.Refunded, Party.Staff);
    }

    /// <summary>What is to be done now that the state has changed; null where nothing is.</summary>
    public void Expect(OutboxMessage? step) => Step = step;

    public void ForgetChanges() => changes.Clear();

    private void Move(OrderState to, Party by)
    {
        if (!Transitions.Allow(State, to, by))
            throw new InvalidOperationException($"An order that is {State.ToWire()} is not made {to.ToWire()} by {by}.");
        changes.Add(new(State, to));
        State = to;
    }
}

/// <summary>One change of state.</summary>
internal sealed record OrderChange(OrderState From, OrderState To);
