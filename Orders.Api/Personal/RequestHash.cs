using System.Globalization;
using System.Text;
using System.Text.Json;
using SecureShop.Orders.Placing;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Personal;

/// <summary>
/// Tells a repeated request from a key used for something else. Keyed by the customer's own key: in a plain hash, phone numbers and
/// addresses could be tried out by whoever gets hold of the table.
/// </summary>
internal static class RequestHash
{
    /// <summary>Over the meaning, not the bytes: spaces and the order of lines do not make another request.</summary>
    public static byte[] Of(PersonalSeal seal, PlaceOrderRequest request)
    {
        var text = new StringBuilder(request.PaymentMethod).Append(';');
        foreach (var line in request.Lines.OrderBy(line => line.ProductId))
            text.Append(CultureInfo.InvariantCulture, $"{line.ProductId:N}{line.VariantId:N}*{line.Quantity};");

        // JSON, in which no value can read as the end of another.
        if (Delivery.Of(request.Delivery) is { } delivery)
            text.Append(JsonSerializer.Serialize(delivery));
        return seal.Fingerprint("order request", text.ToString());
    }
}
