using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Placing;

/// <summary>
/// The answer to placing an order, read off the order alone: a repeated request gets the answer of the first one.
/// </summary>
internal sealed class PlaceOrderResults(OutboxMessages outbox, IOptions<ShopOptions> shop)
{
    public Results<Created<OrderResponse>, Accepted<OrderResponse>, ProblemHttpResult> Of(HttpContext http, Order order)
    {
        if (order.Rejection is { } rejection)
            return Rejected(rejection, order.RefusedProductId);
        if (order.PlacedAt is null)
            return RetryLater(http, StatusCodes.Status503ServiceUnavailable, outbox.Wait(order.Step), "The catalog did not answer in time. The order is kept; ask again with the same Idempotency-Key.");

        http.Response.GetTypedHeaders().ETag = OrderTag.Of(order);
        var address = shop.Value.AddressOf($"api/orders/{order.Id:D}");
        if (order.State is not (OrderState.Reserved or OrderState.Authorized))
            return TypedResults.Created(address, OrderResponse.Of(order));
        WaitFor(http, outbox.Wait(order.Step));
        return TypedResults.Accepted(address, OrderResponse.Of(order));
    }

    public static ProblemHttpResult AboveBounds(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status409Conflict);

    public static ProblemHttpResult InProgress(HttpContext http) => RetryLater(
        http, StatusCodes.Status409Conflict, TimeSpan.FromSeconds(1), "The same request is being worked on; ask again.");

    public static ProblemHttpResult InvalidKey()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            [IdempotencyKey.Header] = ["One key of 8 to 64 letters, digits, - and _, in double quotes or without."],
        };
        return TypedResults.Problem(new HttpValidationProblemDetails(errors) { Status = StatusCodes.Status400BadRequest });
    }

    public static ProblemHttpResult KeyReused() => TypedResults.Problem(
        "This Idempotency-Key was used for another request.", statusCode: StatusCodes.Status422UnprocessableEntity);

    public static ProblemHttpResult Erased() => TypedResults.Problem("This account was erased.", statusCode: StatusCodes.Status403Forbidden);

    private static ProblemHttpResult Rejected(Rejection rejection, Guid? productId) => rejection switch
    {
        Rejection.Refused => Refused(productId),
        Rejection.MixedCurrencies => TypedResults.Problem(
            "The products are sold in different currencies; order them apart.", statusCode: StatusCodes.Status409Conflict),
        Rejection.AboveBounds => TypedResults.Problem(
            "Your open orders would be worth more than they may be. Order again when one is on its way.", statusCode: StatusCodes.Status409Conflict),
        Rejection.Declined => TypedResults.Problem(
            "The payment was declined, and nothing is charged. Order again with a new Idempotency-Key.", statusCode: StatusCodes.Status402PaymentRequired),
        Rejection.Unpaid => TypedResults.Problem(
            "The payment did not come about in time, and nothing is charged. Order again with a new Idempotency-Key.", statusCode: StatusCodes.Status402PaymentRequired),
        _ => TypedResults.Problem(
            "The catalog did not confirm the order, and it was given up. Order again with a new Idempotency-Key.",
            statusCode: StatusCodes.Status502BadGateway),
    };

    private static ProblemHttpResult Refused(Guid? productId) => productId is null
        ? TypedResults.Problem("A product is not available in that quantity.", statusCode: StatusCodes.Status409Conflict)
        : TypedResults.Problem(
            $"The product {productId:D} is not available in that quantity.",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["productId"] = productId });

    private static ProblemHttpResult RetryLater(HttpContext http, int status, TimeSpan delay, string detail)
    {
        WaitFor(http, delay);
        return TypedResults.Problem(detail, statusCode: status);
    }

    private static void WaitFor(HttpContext http, TimeSpan delay)
        => http.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
}
