using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Orders.Catalog;

/// <summary>
/// Reads the catalog's answer as untrusted input. A faulty or taken-over upstream must not get lines into an order that nobody
/// asked for, nor prices or texts out of bounds.
/// </summary>
internal static class ReservationCheck
{
    private const decimal MaxPrice = 1_000_000m;
    private const int MaxNameLength = 200;
    private const int MaxSellerIdLength = 64;

    public static Reservation Read(ReservationAnswer? answer, IReadOnlyList<OrderLine> asked)
    {
        if (answer?.Lines is not { } lines || lines.Count != asked.Count)
            return new Reservation.Invalid("the number of lines differs from what was asked");

        var sold = new List<ReservedLine>(asked.Count);
        foreach (var expected in asked)
        {
            var matches = lines.Where(line => line?.ProductId == expected.ProductId).ToList();
            if (matches is not [{ } line])
                return new Reservation.Invalid("a product is missing or repeated");
            if (line.VariantId != expected.VariantId)
                return new Reservation.Invalid("a variant differs from what was asked");
            if (line.Quantity != expected.Quantity)
                return new Reservation.Invalid("a quantity differs from what was asked");
            if (line.UnitPrice is not (>= 0 and <= MaxPrice) || decimal.Round(line.UnitPrice.Value, 2) != line.UnitPrice)
                return new Reservation.Invalid("a price is out of bounds");
            if (line.Currency is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z'])
                return new Reservation.Invalid("a currency is not a code of three letters");
            if (!IsPlainText(line.Name, MaxNameLength) || !IsPlainText(line.SellerId, MaxSellerIdLength))
                return new Reservation.Invalid("a name or a seller is not plain text of a length within bounds");

            sold.Add(new ReservedLine(
                expected.ProductId, line.Name!, line.SellerId!, expected.Quantity, line.UnitPrice.Value, line.Currency));
        }

        return new Reservation.Confirmed(sold, answer.ExpiresAt?.ToUniversalTime());
    }

    private static bool IsPlainText(string? text, int maxLength)
        => text is { Length: > 0 } && NormalizedText.Length(text) <= maxLength && !text.Any(char.IsControl);
}
