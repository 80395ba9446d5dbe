namespace SecureShop.Catalog.Reservations;

/// <summary>What was taken, at which price, and until when it is held for who has not paid; the same on every repetition.</summary>
internal sealed record ReservationResponse(IReadOnlyList<ReservationLineResponse> Lines, DateTimeOffset ExpiresAt)
{
    public static ReservationResponse Of(Reservation reservation)
        => new([.. reservation.Lines.OrderBy(line => line.Position).Select(ReservationLineResponse.Of)], reservation.ExpiresAt);
}

/// <summary>One line of a <see cref="ReservationResponse"/>.</summary>
internal sealed record ReservationLineResponse(
    Guid ProductId, Guid? VariantId, string Name, string SellerId, int Quantity, decimal UnitPrice, string Currency)
{
    public static ReservationLineResponse Of(ReservationLine line)
        => new(line.ProductId, line.VariantId, line.Name, line.SellerId, line.Quantity, line.UnitPrice, line.Currency);
}
