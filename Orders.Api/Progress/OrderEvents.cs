namespace SecureShop.Orders.Progress;

/// <summary>The security events of orders (docs/events.md).</summary>
internal static partial class OrderEvents
{
    // What is done with goods and money is kept in the transaction that does it.
    public const int Changed = 5050;
    public const int Promised = 5052;

    [LoggerMessage(5050, LogLevel.Information, "The order {Order} of {Subject} went from {From} to {To} by {Actor}")]
    public static partial void OrderChanged(ILogger security, Guid order, string subject, string actor, string from, string to);

    [LoggerMessage(5051, LogLevel.Warning, "A notice in the payment provider's name is refused: {Reason}")]
    public static partial void NoticeRefused(ILogger security, string reason);

    [LoggerMessage(5052, LogLevel.Warning, "{Actor} gives {Amount} of the order {Order} back to {Subject}, as {Refund}")]
    public static partial void RefundPromised(ILogger security, string actor, decimal amount, Guid order, string subject, Guid refund);

    [LoggerMessage(5053, LogLevel.Warning, "A refund is refused: {Reason}")]
    public static partial void RefundRefused(ILogger security, string reason);
}
