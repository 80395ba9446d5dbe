namespace SecureShop.Orders.Personal;

/// <summary>The events about personal data in orders (docs/events.md).</summary>
internal static partial class PersonalEvents
{
    [LoggerMessage(5060, LogLevel.Information, "Where an order is sent was shown to somebody else than its customer: {Order}, as {Kind}")]
    public static partial void DeliveryShown(this ILogger security, Guid order, string kind);
}
