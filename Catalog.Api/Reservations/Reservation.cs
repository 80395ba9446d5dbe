namespace SecureShop.Catalog.Reservations;

/// <summary>
/// Stock taken for one order. The order's id is the key, so that taking twice is impossible. One that has ended stays,
/// as a mark that a take or a confirmation which arrives later must find.
/// </summary>
internal sealed class Reservation
{
    public required Guid OrderId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it is held for somebody who has not paid; of no account once it is confirmed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was paid for; such a one does not expire.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When its stock went back, because it was released or because its time was over.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Whether it was its time that ended it.</summary>
    public bool Expired { get; init; }

    public List<ReservationLine> Lines { get; init; } = [];

    public ReservationState StateAt(DateTimeOffset now)
        => ReleasedAt is not null ? Expired ? ReservationState.Expired : ReservationState.Released
            : ConfirmedAt is not null ? ReservationState.Confirmed
            : ExpiresAt <= now ? ReservationState.Due
            : ReservationState.Held;
}

/// <summary>Where a reservation is on its way.</summary>
internal enum ReservationState
{
    /// <summary>Taken, and nobody has paid yet.</summary>
    Held,

    /// <summary>Its time is over, and its stock is to go back.</summary>
    Due,

    /// <summary>Paid for.</summary>
    Confirmed,

    /// <summary>Its stock went back because its order was cancelled.</summary>
    Released,

    /// <summary>Its stock went back because nobody paid in time.</summary>
    Expired,
}
