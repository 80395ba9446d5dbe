using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Orders.Shipping;

/// <summary>What sellers do with orders: the routes with their access rules, then the handlers.</summary>
internal static class SalesEndpoints
{
    public static void MapSales(this IEndpointRouteBuilder app)
    {
        var sales = app.MapGroup("/").WithTags("Sales");

        sales.MapGet("/sales", ListSoldOrdersAsync).RequireAccess(AccessTable.ListSoldOrders)
            .WithSummary("Lists the orders with lines that the caller sold, the newest first, and of each these lines alone.");

        sales.MapPost("/{id:guid}/ship", ChangeSaleAsync).RequireAccess(AccessTable.ShipOrder).WithMetadata(SaleStep.Ship)
            .WithSummary("Says that the caller's lines are on their way; safe to repeat.")
            .ProducesProblem(StatusCodes.Status409Conflict);

        sales.MapPost("/{id:guid}/deliver", ChangeSaleAsync).RequireAccess(AccessTable.DeliverOrder).WithMetadata(SaleStep.Deliver)
            .WithSummary("Says that the caller's lines have arrived; safe to repeat.")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    internal static async Task<Results<Ok<Page<SaleResponse>>, ValidationProblem>> ListSoldOrdersAsync(
        [AsParameters] SalesQuery query, HttpContext http, Sales sales, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var toShip = reader.ReadFlag("toShip", query.ToShip);
        var (limit, after) = (query.ReadLimit(reader), query.ReadAfter(reader, OrderFilter.ParseCursor));
        if (!reader.IsValid)
            return reader.Problem();
        var seller = http.User.Subject();
        return TypedResults.Ok((await sales.ListAsync(http.User, toShip, limit, after, cancellationToken)).Select(order => SaleResponse.Of(order, seller)));
    }

    internal static async Task<Results<Ok<SaleResponse>, NotFound, ProblemHttpResult>> ChangeSaleAsync(
        Guid id, HttpContext http, Sales sales, OrderQueries orders, CancellationToken cancellationToken)
    {
        var step = http.GetEndpoint()!.Metadata.GetRequiredMetadata<SaleStep>();
        if (await sales.FindAsync(id, http.User, step.Rule, cancellationToken) is not { } found)
            return await OrdersEndpoints.NotFoundAsync(http, orders, id, cancellationToken);
        var seller = http.User.Subject();
        var (result, order) = await sales.ChangeAsync(found, seller, step, cancellationToken);
        return result switch
        {
            SaleResult.Done => TypedResults.Ok(SaleResponse.Of(order, seller)),
            SaleResult.OtherState => TypedResults.Problem($"The order is {order.State.ToWire()}.", statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.Problem("The order changes all the time; ask again.", statusCode: StatusCodes.Status409Conflict),
        };
    }
}
