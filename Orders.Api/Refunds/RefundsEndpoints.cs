using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Orders.Refunds;

/// <summary>Money back: the route with its access rule, then the handler.</summary>
internal static class RefundsEndpoints
{
    public static void MapRefunds(this IEndpointRouteBuilder app) => app.MapPost("/{id:guid}/refunds", RefundOrderAsync).RequireAccess(AccessTable.RefundOrder)
        .WithTags("Orders").WithSummary("Gives money back for an order that was shipped; safe to repeat with the same Idempotency-Key. 202 while the provider does not answer.")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    internal static async Task<Results<Created<RefundResponse>, Accepted<RefundResponse>, NotFound, ProblemHttpResult>> RefundOrderAsync(
        Guid id,
        RefundRequest request,
        [FromHeader(Name = IdempotencyKey.Header), Description("8 to 64 letters, digits, - and _. The same key again is the same refund.")] string idempotencyKey,
        [AsParameters] RefundServices services,
        CancellationToken cancellationToken)
    {
        var (http, orders, desk, shop) = services;
        if (http.Request.Headers[IdempotencyKey.Header].Count != 1 || !IdempotencyKey.TryParse(idempotencyKey, out var key))
            return PlaceOrderResults.InvalidKey();
        if (await orders.FindAnyAsync(id, cancellationToken) is not { } order)
            return TypedResults.NotFound();
        if (await desk.FindAsync(order, key, cancellationToken) is { } known)
        {
            if (known.Amount != request.Amount)
                return PlaceOrderResults.KeyReused();
            return Answer(known, shop.Value);
        }

        if (desk.FindRefusal(order, request.Amount, http.User) is { } refusal)
        {
            OrderEvents.RefundRefused(SecurityLog.Of(http, StatusCodes.Status403Forbidden), refusal);
            return TypedResults.Problem("This refund is not yours to give: it is above your limit, or of your own order.", statusCode: StatusCodes.Status403Forbidden);
        }

        if (!order.IsRefundable)
            return TypedResults.Problem($"The order is {order.State.ToWire()}; what was shipped is refunded.", statusCode: StatusCodes.Status409Conflict);
        if (order.Refunded + request.Amount > order.Captured)
            return TypedResults.Problem("Of what was paid there is not so much left.", statusCode: StatusCodes.Status409Conflict);

        var actor = http.User.Subject();
        if (await desk.PromiseAsync(order, key, request.Amount, actor, cancellationToken) is not { } refund)
            return TypedResults.Problem("The order has changed, or another refund of it is under way; ask again.", statusCode: StatusCodes.Status409Conflict);
        OrderEvents.RefundPromised(SecurityLog.Of(http), actor, refund.Amount, order.Id, order.CustomerId, refund.Id);
        await desk.AdvanceAsync(refund, order);
        return Answer(refund, shop.Value);
    }

    private static Results<Created<RefundResponse>, Accepted<RefundResponse>, NotFound, ProblemHttpResult> Answer(Refund refund, ShopOptions shop)
    {
        var address = shop.AddressOf($"api/orders/{refund.OrderId:D}");
        return refund.State switch
        {
            RefundState.Done => TypedResults.Created(address, RefundResponse.Of(refund)),
            RefundState.Pending => TypedResults.Accepted(address, RefundResponse.Of(refund)),
            _ => TypedResults.Problem("The payment provider refused; nothing was given back.", statusCode: StatusCodes.Status409Conflict),
        };
    }
}

/// <summary>What a refund needs besides the request's own parameters.</summary>
internal sealed record RefundServices(HttpContext Http, OrderQueries Orders, RefundDesk Desk, IOptions<ShopOptions> Shop);
