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
            .WithSummary("Takes the stock of an order and fixes its prices; safe to repeat.")
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
                return Conflict("There is not enough of this product.", missing.ProductId);
            case ReservationResult.LinesDiffer:
                ReservationMetrics.Answered("other_lines");
                return Conflict("This order has already taken other lines.");
            default:
                ReservationMetrics.Answered("late");
                return Conflict("This order has been released.");
        }
    }

    internal static async Task<NoContent> ReleaseStockAsync(Guid orderId, StockReservations reservations, CancellationToken cancellationToken)
    {
        await reservations.ReleaseAsync(orderId, cancellationToken);
        ReservationMetrics.Answered("released");
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult Conflict(string detail, Guid? productId = null) => TypedResults.Problem(
        detail,
        statusCode: StatusCodes.Status409Conflict,
        extensions: productId is null ? null : [new("productId", productId)]);
}
