using SecureShop.Orders.Orders;

namespace SecureShop.Orders.Placing;

/// <summary>What an idempotency key stands for, from the view of one request.</summary>
internal abstract record KeyClaim
{
    private KeyClaim()
    {
    }

    /// <summary>The order is this request's to carry on: new, or left pending by an earlier one.</summary>
    public sealed record Acquired(Order Order) : KeyClaim;

    /// <summary>The same request was here before; its order has the answer.</summary>
    public sealed record Repeated(Order Order) : KeyClaim;

    /// <summary>The same request is being worked on right now.</summary>
    public sealed record InProgress : KeyClaim;

    /// <summary>The key was used for another request.</summary>
    public sealed record Reused : KeyClaim;

    /// <summary>The customer has as much open as one may have. Nothing is stored, and the key stays free.</summary>
    public sealed record AboveBounds(string Why) : KeyClaim;
}
