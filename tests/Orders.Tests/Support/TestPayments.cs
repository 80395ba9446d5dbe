using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Tests.Support;

/// <summary>The development provider, which breaks its promises when a test says so.</summary>
internal sealed class TestPayments(IPayments real) : IPayments
{
    /// <summary>Asked with the name of the call before it is done: what it returns is answered instead, and what it throws is the failure.</summary>
    public Func<string, Task<PaymentReport?>>? Instead { get; set; }

    /// <summary>Asked after it was done.</summary>
    public Func<string, PaymentReport, Task<PaymentReport>>? Afterwards { get; set; }

    /// <summary>Does everything twice, as a provider that got the question twice does.</summary>
    public bool Twice { get; set; }

    public Task<PaymentReport> AuthorizeAsync(Guid payment, string method, decimal amount, string currency, CancellationToken cancellationToken)
        => DoAsync("authorize", () => real.AuthorizeAsync(payment, method, amount, currency, cancellationToken));

    public Task<PaymentReport> CaptureAsync(Guid payment, decimal amount, CancellationToken cancellationToken)
        => DoAsync("capture", () => real.CaptureAsync(payment, amount, cancellationToken));

    public Task<PaymentReport> CancelAsync(Guid payment, CancellationToken cancellationToken)
        => DoAsync("cancel", () => real.CancelAsync(payment, cancellationToken));

    public Task<PaymentReport> RefundAsync(Guid payment, Guid refund, decimal amount, CancellationToken cancellationToken)
        => DoAsync("refund", () => real.RefundAsync(payment, refund, amount, cancellationToken));

    private async Task<PaymentReport> DoAsync(string call, Func<Task<PaymentReport>> ask)
    {
        if (Instead is { } instead && await instead(call) is { } other)
            return other;
        if (Twice)
            await ask();
        var report = await ask();
        return Afterwards is { } afterwards ? await afterwards(call, report) : report;
    }
}
