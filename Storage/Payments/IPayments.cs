using System.Text.RegularExpressions;

namespace SecureShop.Storage.Payments;

/// <summary>
/// A payment provider. Every call may be repeated with the same key; the provider acts once, and says how the payment stands. What it says is
/// untrusted input, to be compared with what was asked. What it throws, or does not say in time, is no answer, and it is asked again.
/// </summary>
public interface IPayments
{
    /// <summary>Sets <paramref name="amount"/> aside.</summary>
    Task<PaymentReport> AuthorizeAsync(Guid payment, string method, decimal amount, string currency, CancellationToken cancellationToken);

    /// <summary>Takes what was set aside.</summary>
    Task<PaymentReport> CaptureAsync(Guid payment, decimal amount, CancellationToken cancellationToken);

    /// <summary>Ends the payment: what was set aside is let go, what was taken is given back, and nothing can be taken afterwards.</summary>
    Task<PaymentReport> CancelAsync(Guid payment, CancellationToken cancellationToken);

    /// <summary>Gives a part of what was taken back, once for each <paramref name="refund"/>.</summary>
    Task<PaymentReport> RefundAsync(Guid payment, Guid refund, decimal amount, CancellationToken cancellationToken);
}

/// <summary>How a payment stands, as its provider says.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Authorized">What was set aside.</param>
/// <param name="Captured">What was taken.</param>
/// <param name="Refunded">What of it was given back.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record PaymentReport(PaymentStatus Status, decimal Authorized, decimal Captured, decimal Refunded, string? Currency);

/// <summary>Where a payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>Not known yet: the customer's bank is asking back, for example.</summary>
    Waiting,

    /// <summary>The provider will not take it.</summary>
    Declined,

    /// <summary>The amount is set aside.</summary>
    Authorized,

    /// <summary>The amount is taken.</summary>
    Captured,

    /// <summary>Ended: nothing is set aside or kept.</summary>
    Cancelled,

    /// <summary>What was asked for is not possible now, and was not done.</summary>
    Refused,
}

/// <summary>
/// What a means of payment is called, by its provider's client in the customer's browser. A run of digits as long as a card's number is
/// refused: here is nobody who may see one.
/// </summary>
public static partial class PaymentMethods
{
    /// <summary>The longest.</summary>
    public const int MaxLength = 64;

    /// <summary>What a caller who breaks it is told.</summary>
    public const string Rule = "What the payment provider calls the means of payment: pm_ and 1 to 61 letters, digits and _. No number of a card.";

    /// <summary>Whether it can be one.</summary>
    public static bool IsValid(string? text) => text is { Length: <= MaxLength } && Form().IsMatch(text);

    [GeneratedRegex(@"\Apm_(?![A-Za-z0-9_]*[0-9]{12})[A-Za-z0-9_]{1,61}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
