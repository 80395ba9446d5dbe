using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Orders.Orders;

/// <summary>The orders API: the routes with their access rules, then the handlers.</summary>
internal static class OrdersEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/").WithTags("Orders");

        orders.MapPost("/", PlaceOrderAsync).RequireAccess(AccessTable.PlaceOrder)
            .WithSummary("Places an order; safe to repeat with the same Idempotency-Key. 202 while the payment is not known yet.")
            .ProducesProblem(StatusCodes.Status402PaymentRequired).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status502BadGateway).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        orders.MapGet("/", ListMyOrdersAsync).RequireAccess(AccessTable.ListMyOrders)
            .WithSummary("Lists the caller's orders, the newest first.");

        orders.MapGet("/{id:guid}", GetOrderAsync).RequireAccess(AccessTable.GetOrder)
            .WithSummary("Reads one order.");

        orders.MapPost("/{id:guid}/cancel", CancelOrderAsync).RequireAccess(AccessTable.CancelOrder)
            .WithSummary("Cancels an order that is not shipped; safe to repeat. 202 while money and stock are being given back.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

        orders.MapGet("/all", ListAllOrdersAsync).RequireAccess(AccessTable.ListAllOrders)
            .WithSummary("Lists everybody's orders, the newest first.");
    }

    internal static async Task<Results<Created<OrderResponse>, Accepted<OrderResponse>, ProblemHttpResult>> PlaceOrderAsync(
        PlaceOrderRequest request,
        [FromHeader(Name = IdempotencyKey.Header), Description("8 to 64 letters, digits, - and _. The same key again is the same order.")] string idempotencyKey,
        [AsParameters] PlaceOrderServices services,
        CancellationToken cancellationToken)
    {
        var (http, keys, progress, results) = services;
        if (http.Request.Headers[IdempotencyKey.Header].Count != 1 || !IdempotencyKey.TryParse(idempotencyKey, out var key))
            return PlaceOrderResults.InvalidKey();

        switch (await keys.ClaimAsync(http.User.Subject(), key, request, cancellationToken))
        {
            case KeyClaim.Acquired { Order: var order }:
                return results.Of(http, await progress.AdvanceAsync(order));
            case KeyClaim.Repeated { Order: var order }:
                return results.Of(http, order);
            case KeyClaim.Reused:
                return PlaceOrderResults.KeyReused();
            case KeyClaim.AboveBounds { Why: var why }:
                return PlaceOrderResults.AboveBounds(why);
            default:
                return PlaceOrderResults.InProgress(http);
        }
    }

    internal static async Task<Results<Ok<Page<OrderResponse>>, ValidationProblem>> ListMyOrdersAsync(
        [AsParameters] PageQuery query, HttpContext http, OrderQueries orders, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var filter = OrderFilter.Read(query, http.User.Subject(), reader);
        return reader.IsValid
            ? TypedResults.Ok((await orders.ListOwnAsync(filter, http.User, cancellationToken)).Select(OrderResponse.Of))
            : reader.Problem();
    }

    internal static async Task<Results<Ok<OrderResponse>, NotFound>> GetOrderAsync(
        Guid id, HttpContext http, OrderQueries orders, CancellationToken cancellationToken)
    {
        if (await orders.FindReadableAsync(id, http.User, cancellationToken) is not { } order)
            return await NotFoundAsync(http, orders, id, cancellationToken);

        http.Response.GetTypedHeaders().ETag = OrderTag.Of(order);
        return TypedResults.Ok(OrderResponse.Of(order));
    }

    internal static async Task<Results<Ok<OrderResponse>, Accepted<OrderResponse>, NotFound, ProblemHttpResult>> CancelOrderAsync(
        Guid id, HttpContext http, OrderQueries orders, Cancellation cancellation, CancellationToken cancellationToken)
    {
        if (await orders.FindOwnAsync(id, http.User, cancellationToken) is not { } order)
            return await NotFoundAsync(http, orders, id, cancellationToken);

        // Asked of an order that can be cancelled alone. After its success the same request finds another ETag: it is answered by what holds, and not by
        // what it expected (RFC 9110, 13.1.1, allows just this).
        if (order.IsCancellable)
        {
            if (Preconditions.Check(http.Request, tag => OrderTag.Names(tag, order)) is { } unmet)
                return unmet;
            order = await cancellation.CancelAsync(order, cancellationToken);
        }

        if (order.State is not (OrderState.Cancelled or OrderState.Cancelling))
            return TypedResults.Problem("Only an order of which nothing is shipped can be cancelled.", statusCode: StatusCodes.Status409Conflict);
        http.Response.GetTypedHeaders().ETag = OrderTag.Of(order);
        return order.State == OrderState.Cancelled ? TypedResults.Ok(OrderResponse.Of(order)) : TypedResults.Accepted((string?)null, OrderResponse.Of(order));
    }

    internal static async Task<Results<Ok<Page<StaffOrderResponse>>, ValidationProblem>> ListAllOrdersAsync(
        [AsParameters] OrderListQuery query, OrderQueries orders, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var filter = OrderFilter.Read(query, reader);
        return reader.IsValid
            ? TypedResults.Ok((await orders.ListAsync(filter, cancellationToken)).Select(StaffOrderResponse.Of))
            : reader.Problem();
    }

    /// <summary>
    /// Somebody else's order and no order look the same, else ids could be probed for; but who names another's order leaves an
    /// event. Whether there is one is asked in both cases, so that the work is the same; what differs is the writing of a log
    /// line, microseconds. And whoever could measure that has to hold the id already: it has 74 random bits.
    /// </summary>
    internal static async Task<NotFound> NotFoundAsync(HttpContext http, OrderQueries orders, Guid id, CancellationToken cancellationToken)
    {
        if (await orders.ExistsAsync(id, cancellationToken))
            SecurityLog.Of(http, StatusCodes.Status404NotFound).OwnershipRefused();
        return TypedResults.NotFound();
    }
}

/// <summary>What placing an order needs besides the request's own parameters.</summary>
internal sealed record PlaceOrderServices(HttpContext Http, IdempotencyKeys Keys, OrderProgress Progress, PlaceOrderResults Results);
