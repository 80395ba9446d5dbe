using SecureShop.Orders.Model;
using SecureShop.ServiceDefaults;

namespace SecureShop.Orders.Catalog;

/// <summary>
/// Reads the catalog's answer as untrusted input. A faulty or taken-over upstream must not get lines into an order that nobody
/// asked for, nor prices or texts out of bounds.
/// </summary>
internal static class ReservationCheck
{
    private const decimal HighestPrice = 1_000_000m;
    private const int LongestName = 200;
    private const int LongestSellerId = 64;

    public static Reservation Read(ReservationAnswer? answer, IReadOnlyList<OrderLine> asked)
    {
        if (answer?.Lines is not { } lines || lines.Count != asked.Count)
            return new Reservation.NotCredible("the number of lines differs from what was asked");

        var sold = new List<ReservedLine>(asked.Count);
        foreach (var expected in asked)
        {
            var matches = lines.Where(line => line?.ProductId == expected.ProductId).ToList();
            if (matches is not [{ } line])
                return new Reservation.NotCredible("a product is missing or repeated");
            if (line.Quantity != expected.Quantity)
                return new Reservation.NotCredible("a quantity differs from what was asked");
            if (line.UnitPrice is not (>= 0 and <= HighestPrice) || decimal.Round(line.UnitPrice.Value, 2) != line.UnitPrice)
                return new Reservation.NotCredible("a price is out of bounds");
            if (line.Currency is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z', >= 'A' and <= 'Z'])
                return new Reservation.NotCredible("a currency is not a code of three letters");
            if (!IsPlainText(line.Name, LongestName) || !IsPlainText(line.SellerId, LongestSellerId))
                return new Reservation.NotCredible("a name or a seller is not plain text of a fair length");

            sold.Add(new ReservedLine(
                expected.ProductId, line.Name!, line.SellerId!, expected.Quantity, line.UnitPrice.Value, line.Currency));
        }

        return new Reservation.Made(sold);
    }

    private static bool IsPlainText(string? text, int longest) =>
        text is { Length: > 0 } && NormalizedText.Length(text) <= longest && !text.Any(char.IsControl);
}
