namespace SecureShop.Catalog.Reservations;

/// <summary>
/// Stock taken for one order. The order's id is the key, so that taking twice is impossible. A released one stays,
/// as a mark that a take which arrives after its own release must find.
/// </summary>
internal sealed class Reservation
{
    public required Guid OrderId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ReleasedAt { get; set; }

    public List<ReservationLine> Lines { get; init; } = [];
}
