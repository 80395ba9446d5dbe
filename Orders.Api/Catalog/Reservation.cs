using SecureShop.Orders.Orders;

namespace SecureShop.Orders.Catalog;

/// <summary>The outcome of asking the catalog to reserve an order's lines.</summary>
internal abstract record Reservation
{
    private Reservation()
    {
    }

    /// <summary>Stock is taken and prices are fixed: until then, where the catalog says so, and else until it is released.</summary>
    public sealed record Confirmed(IReadOnlyList<ReservedLine> Lines, DateTimeOffset? HeldUntil) : Reservation;

    /// <summary>The catalog said no and took nothing.</summary>
    public sealed record Refused(Guid? ProductId) : Reservation;

    /// <summary>Not known: no answer in time, or the catalog is in trouble. Asking again is harmless.</summary>
    public sealed record Unknown : Reservation;

    /// <summary>The catalog answered something that does not fit the question.</summary>
    public sealed record Invalid(string Reason) : Reservation;
}

/// <summary>The outcome of asking the catalog to make a reservation final.</summary>
internal enum Confirmation
{
    /// <summary>It is final.</summary>
    Done,

    /// <summary>There is none any more: its time was over, or it was released.</summary>
    Ended,

    /// <summary>Not known. Asking again is harmless.</summary>
    Unknown,
}

/// <summary>The outcome of asking the catalog to give stock back.</summary>
internal enum Release
{
    /// <summary>It holds nothing.</summary>
    Done,

    /// <summary>Nobody answers. Asking again is harmless.</summary>
    Unknown,

    /// <summary>It answers, and not with what was agreed on.</summary>
    Failed,
}

/// <summary>The request on the wire.</summary>
internal sealed record ReservationRequest(IReadOnlyList<ReservationRequestLine> Lines);

/// <summary>One line of it.</summary>
internal sealed record ReservationRequestLine(Guid ProductId, Guid? VariantId, int Quantity);

/// <summary>The answer on the wire. Everything may be missing: it comes from outside.</summary>
internal sealed record ReservationAnswer(IReadOnlyList<ReservationAnswerLine?>? Lines, DateTimeOffset? ExpiresAt);

/// <summary>One line of it.</summary>
internal sealed record ReservationAnswerLine(
    Guid? ProductId, Guid? VariantId, string? Name, string? SellerId, int? Quantity, decimal? UnitPrice, string? Currency);

/// <summary>The part of the catalog's problem that is read; its texts are never passed on.</summary>
internal sealed record ReservationProblem(Guid? ProductId);
