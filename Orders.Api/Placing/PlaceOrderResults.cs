using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Orders.Placing;

/// <summary>
/// The answer to placing an order, read off the order alone: a repeated request gets the answer of the first one.
/// </summary>
internal sealed class PlaceOrderResults(IOptions<ProgressOptions> progress, IOptions<ShopOptions> shop)
{
    public Results<Created<OrderResponse>, ProblemHttpResult> Of(HttpContext http, Order order)
    {
        if (order.PlacedAt is not null)
        {
            http.Response.GetTypedHeaders().ETag = OrderTag.Of(order);
            return TypedResults.Created(shop.Value.AddressOf($"api/orders/{order.Id:D}"), OrderResponse.Of(order));
        }

        return order.Rejection switch
        {
            null => RetryLater(http, StatusCodes.Status503ServiceUnavailable, progress.Value.DelayAfter(order.Attempts),
                "The catalog did not answer in time. The order is kept; ask again with the same Idempotency-Key."),
            Rejection.Refused => Refused(order.RefusedProductId),
            Rejection.MixedCurrencies => TypedResults.Problem(
                "The products are sold in different currencies; order them apart.", statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.Problem(
                "The catalog did not confirm the order, and it was given up. Order again with a new Idempotency-Key.",
                statusCode: StatusCodes.Status502BadGateway),
        };
    }

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

    private static ProblemHttpResult Refused(Guid? productId) => productId is null
        ? TypedResults.Problem("A product is not available in that quantity.", statusCode: StatusCodes.Status409Conflict)
        : TypedResults.Problem(
            $"The product {productId:D} is not available in that quantity.",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["productId"] = productId });

    private static ProblemHttpResult RetryLater(HttpContext http, int status, TimeSpan delay, string detail)
    {
        http.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return TypedResults.Problem(detail, statusCode: status);
    }
}
