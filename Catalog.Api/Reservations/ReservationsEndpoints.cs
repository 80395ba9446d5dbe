using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Catalog.Reservations;

/// <summary>Stock for orders. For the orders service alone: the gateway has no route here, and no user's token holds the scope.</summary>
internal static class ReservationsEndpoints
{
    public static void MapReservations(this IEndpointRouteBuilder app)
    {
        var reservations = app.MapGroup("/reservations").WithTags("Reservations");

        reservations.MapPut("/{orderId:guid}", TakeStockAsync).RequireAccess(AccessTable.TakeStock)
            .WithSummary("Takes the stock of an order for a while and fixes its prices; safe to repeat.")
            .ProducesProblem(StatusCodes.Status409Conflict);

        reservations.MapPut("/{orderId:guid}/confirmed", ConfirmStockAsync).RequireAccess(AccessTable.ConfirmStock)
            .WithSummary("Makes the stock of an order that is paid for final; safe to repeat.")
            .ProducesProblem(StatusCodes.Status409Conflict);

        reservations.MapDelete("/{orderId:guid}", ReleaseStockAsync).RequireAccess(AccessTable.ReleaseStock)
            .WithSummary("Gives the stock of an order back, once; safe to repeat.");
    }

    internal static async Task<Results<Ok<ReservationResponse>, ProblemHttpResult>> TakeStockAsync(
        Guid orderId, ReservationRequest request, StockReservations reservations, CancellationToken cancellationToken)
    {
        switch (await reservations.TakeAsync(orderId, request.Lines, cancellationToken))
        {
            case ReservationResult.Taken taken:
                ReservationMetrics.Answered("taken");
                return TypedResults.Ok(ReservationResponse.Of(taken.Reservation));
            case ReservationResult.InsufficientStock missing:
                ReservationMetrics.Answered("short");
                return Conflict("stock", "There is not enough of this product.", missing.ProductId);
            case ReservationResult.OtherVariants wrong:
                ReservationMetrics.Answered("variant");
                return Conflict("variant", "Of a product with variants, name one of them; of one without, none.", wrong.ProductId);
            case ReservationResult.LinesDiffer:
                ReservationMetrics.Answered("other_lines");
                return Conflict("lines", "This order has already taken other lines.");
            case ReservationResult.Ended ended:
                return Ended(ended.Expired);
            case var other:
                throw new InvalidOperationException($"No answer for {other}.");
        }
    }

    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ConfirmStockAsync(
        Guid orderId, StockReservations reservations, CancellationToken cancellationToken)
    {
        switch (await reservations.ConfirmAsync(orderId, cancellationToken))
        {
            case ReservationState.Confirmed:
                ReservationMetrics.Answered("confirmed");
                return TypedResults.NoContent();
            case null:
                ReservationMetrics.Answered("unknown");
                return TypedResults.NotFound();
            case var state:
                return Ended(state == ReservationState.Expired);
        }
    }

    internal static async Task<NoContent> ReleaseStockAsync(Guid orderId, StockReservations reservations, CancellationToken cancellationToken)
    {
        await reservations.ReleaseAsync(orderId, cancellationToken);
        ReservationMetrics.Answered("released");
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Ended(bool expired)
    {
        ReservationMetrics.Answered("late");
        return expired
            ? Conflict("expired", "This order was not paid for in time, and its stock has gone back.")
            : Conflict("released", "This order has been released.");
    }

    /// <summary>With a word for the orders service, which acts by it; the sentence is for people.</summary>
    private static ProblemHttpResult Conflict(string reason, string detail, Guid? productId = null)
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal) { ["reason"] = reason };
        if (productId is not null)
            extensions["productId"] = productId;
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict, extensions: extensions);
    }
}
