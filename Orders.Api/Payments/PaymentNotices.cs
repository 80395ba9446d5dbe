using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Data;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Events;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Payments;

/// <summary>
/// Takes the provider's notices. A notice decides nothing: it only makes us ask the provider at once how the payment stands. So one that comes
/// twice, late, out of order or by a thief of the secret changes no order, and none that is lost is missed.
/// </summary>
internal static class PaymentNotices
{
    public static void MapPaymentNotices(this IEndpointRouteBuilder app) => app.MapPost("/payments/notices", ReceiveAsync).RequireAccess(AccessTable.ReceivePaymentNotice)
        .WithTags("Payments").WithSummary("Takes a signed notice of the payment provider; safe to repeat.")
        .Accepts<PaymentNotice>("application/json")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status413PayloadTooLarge);

    internal static async Task<Results<NoContent, ProblemHttpResult>> ReceiveAsync(
        HttpContext http, OrdersDbContext database, TimeProvider clock, IOptions<PaymentsOptions> options, CancellationToken cancellationToken)
    {
        // As it came: another writing of the same JSON has another signature.
        if (await PaymentNotice.ReadAsync(http.Request.Body, cancellationToken) is not { } body)
            return TypedResults.Problem("A notice is not that long.", statusCode: StatusCodes.Status413PayloadTooLarge);

        var now = clock.GetStoredNow();
        if (WebhookSignature.FindFault(http.Request.Headers, body, options.Value, now) is { } fault)
        {
            OrderEvents.NoticeRefused(SecurityLog.Of(http, StatusCodes.Status403Forbidden), NoticeRefusal.Of(fault));
            return TypedResults.Problem("The notice is not signed by the payment provider.", statusCode: StatusCodes.Status403Forbidden);
        }

        if (PaymentNotice.PaymentOf(body) is not { } payment)
            return TypedResults.Problem("The notice names no payment.", statusCode: StatusCodes.Status400BadRequest);

        // What waits for its next attempt; what somebody works on for the first time is left to them.
        await database.Set<OutboxMessage>()
            .Where(message => message.Subject == payment && message.ParkedAt == null && message.Attempts > 0 && message.NextAttemptAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.NextAttemptAt, now), cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>Why a notice of the payment provider was refused (docs/events.md).</summary>
internal static class NoticeRefusal
{
    public const string Shape = "notice_shape";
    public const string Time = "notice_time";
    public const string Signature = "notice_signature";

    public static string Of(WebhookFault fault) => fault switch
    {
        WebhookFault.Shape => Shape,
        WebhookFault.Time => Time,
        _ => Signature,
    };
}
