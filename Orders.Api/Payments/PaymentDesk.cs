using Microsoft.Extensions.Options;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Progress;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Payments;

/// <summary>What the provider's answer means for what was asked.</summary>
internal enum PaymentAnswer
{
    Done,

    /// <summary>Not done, and it will not be.</summary>
    Refused,

    /// <summary>Not done yet, or not known: no answer in time. Asking again is harmless.</summary>
    Unknown,

    /// <summary>The provider answered what does not fit the question.</summary>
    NotCredible,
}

/// <summary>
/// Asks the payment provider, and believes what fits the question alone. The key of a payment is its order's id: however often and by whoever it
/// is asked, an order is charged once.
/// </summary>
internal sealed partial class PaymentDesk(IPayments provider, TimeProvider clock, IOptions<ProgressOptions> options, ILogger<PaymentDesk> logger)
{
    public Task<PaymentAnswer> AuthorizeAsync(Order order) => AskAsync(
        order.Id,
        token => provider.AuthorizeAsync(order.Id, order.PaymentMethod, order.Total!.Value, order.Currency!, token),
        report => report.Status switch
        {
            PaymentStatus.Authorized when report.Authorized == order.Total && report.Currency == order.Currency && report.Captured == 0 => PaymentAnswer.Done,
            PaymentStatus.Declined or PaymentStatus.Cancelled when report.Captured == 0 => PaymentAnswer.Refused,
            PaymentStatus.Waiting when report.Captured == 0 => PaymentAnswer.Unknown,
            _ => PaymentAnswer.NotCredible,
        });

    public Task<PaymentAnswer> CaptureAsync(Order order) => AskAsync(
        order.Id,
        token => provider.CaptureAsync(order.Id, order.Total!.Value, token),
        report => report.Status switch
        {
            PaymentStatus.Captured when report.Captured == order.Total && report.Currency == order.Currency && report.Refunded == 0 => PaymentAnswer.Done,
            PaymentStatus.Refused or PaymentStatus.Declined or PaymentStatus.Cancelled => PaymentAnswer.Refused,
            _ => PaymentAnswer.NotCredible,
        });

    /// <summary>Whether nothing is held or charged any more, and nothing can be.</summary>
    public Task<PaymentAnswer> CancelAsync(Order order) => AskAsync(
        order.Id,
        token => provider.CancelAsync(order.Id, token),
        report => report.Status is PaymentStatus.Cancelled or PaymentStatus.Declined && report.Captured == report.Refunded ? PaymentAnswer.Done : PaymentAnswer.NotCredible);

    /// <param name="order">The order.</param>
    /// <param name="refund">The refund's id, its key.</param>
    /// <param name="amount">How much.</param>
    public Task<PaymentAnswer> RefundAsync(Order order, Guid refund, decimal amount) => AskAsync(
        order.Id,
        token => provider.RefundAsync(order.Id, refund, amount, token),
        report => report.Status switch
        {
            PaymentStatus.Captured when report.Captured == order.Captured && report.Refunded >= amount && report.Refunded <= report.Captured => PaymentAnswer.Done,
            PaymentStatus.Refused => PaymentAnswer.Refused,
            _ => PaymentAnswer.NotCredible,
        });

    /// <summary>It does not stop when the client hangs up; its time is bounded.</summary>
    private async Task<PaymentAnswer> AskAsync(Guid payment, Func<CancellationToken, Task<PaymentReport>> ask, Func<PaymentReport, PaymentAnswer> read)
    {
        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        try
        {
            var report = await ask(timeout.Token).WaitAsync(timeout.Token);
            var answer = read(report);
            if (answer == PaymentAnswer.NotCredible)
                AnswerNotCredible(payment, report.Status);
            return answer;
        }
        catch (Exception failure)
        {
            // Whatever it was, whether it was done is not known: asking again tells.
            ProviderSilent(payment, failure);
            return PaymentAnswer.Unknown;
        }
    }

    [LoggerMessage(5021, LogLevel.Error, "The payment provider's answer for {Payment} is not credible: {Status}.")]
    private partial void AnswerNotCredible(Guid payment, PaymentStatus status);

    [LoggerMessage(5022, LogLevel.Warning, "The payment provider did not answer for {Payment}.")]
    private partial void ProviderSilent(Guid payment, Exception failure);
}
