using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Orders.Personal;

/// <summary>Where an order is sent: apart from the order, so that nobody gets it by the way.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this IEndpointRouteBuilder app)
    {
        var deliveries = app.MapGroup("/").WithTags("Deliveries");

        deliveries.MapGet("/{id:guid}/delivery", GetDeliveryAsync).RequireAccess(AccessTable.GetDelivery)
            .WithSummary("Reads where an order is sent.");

        deliveries.MapGet("/{id:guid}/shipping-label", GetShippingLabelAsync).RequireAccess(AccessTable.GetShippingLabel)
            .WithSummary("Reads what a seller writes on the parcel of an order that is paid.");
    }

    internal static async Task<Results<Ok<DeliveryResponse>, NotFound>> GetDeliveryAsync(
        Guid id, HttpContext http, OrderQueries orders, Deliveries deliveries, CancellationToken cancellationToken)
    {
        if (await orders.FindReadableAsync(id, http.User, cancellationToken) is not { } order)
            return await OrdersEndpoints.NotFoundAsync(http, orders, id, cancellationToken);
        return await deliveries.FindAsync(order, http.User, cancellationToken) is { } delivery ? TypedResults.Ok(DeliveryResponse.Of(delivery)) : TypedResults.NotFound();
    }

    internal static async Task<Results<Ok<ShippingLabelResponse>, NotFound>> GetShippingLabelAsync(
        Guid id, HttpContext http, OrderQueries orders, Deliveries deliveries, CancellationToken cancellationToken)
        => await deliveries.FindForSellerAsync(id, http.User, cancellationToken) is { } delivery
            ? TypedResults.Ok(ShippingLabelResponse.Of(delivery))
            : await OrdersEndpoints.NotFoundAsync(http, orders, id, cancellationToken);
}
