using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SecureShop.Orders.Bounds;
using SecureShop.Orders.Catalog;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Payments;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.Data;
using SecureShop.Storage.Outbox;

namespace SecureShop.Orders.Progress;

/// <summary>
/// Carries a half-way order on, step by step, until nothing is to be done or somebody does not answer. The one path for all: a request that has just
/// stored its order, a repeated request, a cancellation, and the outbox after a crash.
/// </summary>
/// <remarks>
/// Safe to run twice at once: all calls to the catalog and to the payment provider are idempotent by order id, and of two writers of one row the slower
/// one sees a concurrency conflict and reads again what the faster one stored. It does not stop when the client hangs up; its calls are bounded
/// by a timeout of their own.
/// </remarks>
internal sealed class OrderProgress(
    OrdersDbContext database, CatalogClient catalog, PaymentDesk payments, CustomerBounds bounds, OutboxMessages outbox, OrderChanges changes,
    TimeProvider clock, IOptions<ProgressOptions> options) : IOutboxHandler
{
    private enum Outcome
    {
        Done,

        /// <summary>Nobody answers.</summary>
        Later,

        /// <summary>An answer that makes no sense, to a question that has to be asked again nevertheless.</summary>
        Failed,
    }

    public async Task CarryOutAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        // There is one as long as the message is there: the foreign key says so.
        var order = await database.WholeOrders.SingleAsync(order => order.StepId == message.Id, cancellationToken);
        await AdvanceAsync(order);
    }

    /// <returns>The order as it is now.</returns>
    public async Task<Order> AdvanceAsync(Order order)
    {
        while (order.IsHalfway)
        {
            var outcome = order.State switch
            {
                OrderState.Pending => await ReserveAsync(order),
                OrderState.Reserved => await AuthorizeAsync(order),
                OrderState.Authorized => await SettleAsync(order),
                _ => await GiveBackAsync(order),
            };
            if (outcome is null)
                return await changes.ReadAgainAsync(order.Id);
            if (outcome != Outcome.Done)
                outbox.PutOff(order.Step!, failed: outcome == Outcome.Failed);
            if (!await changes.SaveAsync(order, OrderChanges.Shop))
                return await changes.ReadAgainAsync(order.Id);
            if (outcome != Outcome.Done)
                return order;
        }

        return order;
    }

    private async Task<Outcome?> ReserveAsync(Order order)
    {
        if (IsLate(order))
            return Reject(order, Rejection.Unconfirmed);

        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        switch (await catalog.ReserveAsync(order, timeout.Token))
        {
            case Reservation.Confirmed { Lines: var sold } held:
                return sold.DistinctBy(line => line.Currency).Count() == 1 ? await KeepAsync(order, sold, held.HeldUntil) : Reject(order, Rejection.MixedCurrencies);
            case Reservation.Refused refused:
                order.Reject(refused.ProductId);
                return Outcome.Done;
            case Reservation.Invalid:
                return Reject(order, Rejection.Unconfirmed);
            default:
                return Outcome.Later;
        }
    }

    /// <summary>Now that the prices are known it is known too whether the customer stays within bounds. Null where somebody else was faster.</summary>
    private async Task<Outcome?> KeepAsync(Order order, IReadOnlyList<ReservedLine> sold, DateTimeOffset? heldUntil)
    {
        var total = sold.Sum(line => line.UnitPrice * line.Quantity);
        bool? decided = null;
        var stored = await database.AtOnceAsync(
            async () =>
            {
                await bounds.LockAsync(order.CustomerId, CancellationToken.None);
                var hasRoom = await bounds.HasRoomAsync(order, total, sold[0].Currency, CancellationToken.None);
                if (decided is null)
                {
                    if (hasRoom)
                        order.Reserve(sold, heldUntil, clock.GetStoredNow());
                    else
                        order.BeginRejecting(Rejection.AboveBounds);
                }
                else if (decided != hasRoom)
                {
                    // The connection broke and something else was placed meanwhile: the outbox asks again from the start.
                    throw new InvalidOperationException("What the customer has open has changed within a transaction.");
                }

                decided = hasRoom;
                return await changes.StoreAsync(order, OrderChanges.Shop);
            },
            CancellationToken.None);
        if (!stored)
            return null;
        changes.Accept(order, OrderChanges.Shop);
        return Outcome.Done;
    }

    private async Task<Outcome?> AuthorizeAsync(Order order) => await payments.AuthorizeAsync(order) switch
    {
        PaymentAnswer.Done => Do(order.Authorize),
        PaymentAnswer.Refused => Reject(order, Rejection.Declined),
        _ when IsLate(order) => Reject(order, Rejection.Unpaid),
        PaymentAnswer.Unknown => Outcome.Later,
        _ => Outcome.Failed,
    };

    /// <summary>First the goods, then the money: a customer who has paid has something for it.</summary>
    private async Task<Outcome?> SettleAsync(Order order)
    {
        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        switch (order.HeldUntil is null ? Confirmation.Done : await catalog.ConfirmAsync(order, timeout.Token))
        {
            case Confirmation.Ended:
                return Reject(order, Rejection.Unpaid);
            case Confirmation.Unknown:
                return IsLate(order) ? Reject(order, Rejection.Unpaid) : Outcome.Later;
        }

        return await payments.CaptureAsync(order) switch
        {
            PaymentAnswer.Done => Do(order.Confirm),
            PaymentAnswer.Refused => Reject(order, Rejection.Declined),
            _ when IsLate(order) => Reject(order, Rejection.Unpaid),
            PaymentAnswer.Unknown => Outcome.Later,
            _ => Outcome.Failed,
        };
    }

    /// <summary>First the money, then the goods: nobody else gets goods that are still paid for.</summary>
    private async Task<Outcome?> GiveBackAsync(Order order)
    {
        if (await payments.CancelAsync(order) is var answer and not PaymentAnswer.Done)
            return answer == PaymentAnswer.Unknown ? Outcome.Later : Outcome.Failed;

        using var timeout = new CancellationTokenSource(options.Value.CallTimeout, clock);
        return await catalog.ReleaseAsync(order, timeout.Token) switch
        {
            Release.Done => Do(() => order.ConfirmGivenBack(clock.GetStoredNow())),
            Release.Unknown => Outcome.Later,
            _ => Outcome.Failed,
        };
    }

    private bool IsLate(Order order) => clock.GetStoredNow() - order.CreatedAt > options.Value.GiveUpAfter;

    private static Outcome? Reject(Order order, Rejection reason) => Do(() => order.BeginRejecting(reason));

    private static Outcome? Do(Action change)
    {
        change();
        return Outcome.Done;
    }
}
