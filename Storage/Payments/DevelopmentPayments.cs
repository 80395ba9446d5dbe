using System.Runtime.CompilerServices;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Data;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Storage.Payments;

/// <summary>
/// A provider that takes no money, for development and demonstration. It keeps what a real one would keep in a table of its own, written past the
/// transactions of this service: what that does with its orders does not undo what was charged.
/// </summary>
/// <remarks>
/// The means of payment decides: <c>pm_ok</c> is good, <c>pm_slow</c> is known a few seconds after it was first asked for, <c>pm_no_capture</c> is good
/// until the money is to be taken, and all others are declined.
/// </remarks>
public sealed class DevelopmentPayments<TContext>(IServiceScopeFactory scopes, TimeProvider clock) : IPayments
    where TContext : DbContext
{
    // How long pm_slow takes.
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public Task<PaymentReport> AuthorizeAsync(Guid payment, string method, decimal amount, string currency, CancellationToken cancellationToken)
        => MoveAsync(payment, moves => Authorization(payment, method, amount, currency, moves), cancellationToken);

    /// <inheritdoc />
    public Task<PaymentReport> CaptureAsync(Guid payment, decimal amount, CancellationToken cancellationToken)
        => MoveAsync(
            payment,
            moves => Status(moves) == PaymentStatus.Authorized && moves[0] is { Method: not "pm_no_capture" } first && Sum(moves, Movement.Authorized) == amount
                ? Next(first, Movement.Captured, amount)
                : null,
            cancellationToken,
            refusedUnless: PaymentStatus.Captured);

    /// <inheritdoc />
    public Task<PaymentReport> CancelAsync(Guid payment, CancellationToken cancellationToken)
        => MoveAsync(
            payment,
            moves => Status(moves) is PaymentStatus.Cancelled or PaymentStatus.Declined ? null : Cancellation(payment, moves),
            cancellationToken);

    /// <inheritdoc />
    public Task<PaymentReport> RefundAsync(Guid payment, Guid refund, decimal amount, CancellationToken cancellationToken)
        => MoveAsync(
            payment,
            moves => Status(moves) == PaymentStatus.Captured && amount > 0 && Sum(moves, Movement.Refunded) + amount <= Sum(moves, Movement.Captured)
                && moves.TrueForAll(move => move.Key != $"{refund:N}")
                ? Next(moves[0], Movement.Refunded, amount, $"{refund:N}")
                : null,
            cancellationToken,
            done: moves => moves.Exists(move => move.Key == $"{refund:N}"));

    private DevelopmentMovement? Authorization(Guid payment, string method, decimal amount, string currency, List<DevelopmentMovement> moves)
    {
        if (moves is [])
        {
            var kind = method switch { "pm_ok" or "pm_no_capture" => Movement.Authorized, "pm_slow" => Movement.Waiting, _ => Movement.Declined };
            return new() { Payment = payment, Key = kind, Kind = kind, Method = method, Amount = amount, Currency = currency, At = clock.GetStoredNow() };
        }

        return Status(moves) == PaymentStatus.Waiting && clock.GetStoredNow() - moves[0].At >= Slowness ? Next(moves[0], Movement.Authorized, moves[0].Amount) : null;
    }

    /// <summary>Also of a payment that was never heard of: what asks for it may be under way yet, and finds it ended.</summary>
    private DevelopmentMovement Cancellation(Guid payment, List<DevelopmentMovement> moves)
    {
        var back = Sum(moves, Movement.Captured) - Sum(moves, Movement.Refunded);
        return moves is [var first, ..]
            ? Next(first, Movement.Cancelled, back)
            : new() { Payment = payment, Key = Movement.Cancelled, Kind = Movement.Cancelled, Method = "pm_none", Amount = 0, Currency = "XXX", At = clock.GetStoredNow() };
    }

    private DevelopmentMovement Next(DevelopmentMovement first, string kind, decimal amount, string? key = null) => new()
    {
        Payment = first.Payment,
        Key = key ?? kind,
        Kind = kind,
        Method = first.Method,
        Amount = amount,
        Currency = first.Currency,
        At = clock.GetStoredNow(),
    };

    private async Task<PaymentReport> MoveAsync(
        Guid payment, Func<List<DevelopmentMovement>, DevelopmentMovement?> next, CancellationToken cancellationToken,
        PaymentStatus? refusedUnless = null, Func<List<DevelopmentMovement>, bool>? done = null)
    {
        // It stands for somebody else's system, to which whoever orders is nobody.
        using var acting = DatabaseTask.Payments.Begin();
        return await scopes.WithDatabaseAsync(async (TContext database) =>
        {
            var moves = await ReadAsync();

            // Of two copies of a question one does it, and the other sees what became of that.
            while (next(moves) is { } move)
            {
                if (await AddAsync(database, move, moves.Count, cancellationToken) == 1)
                    moves.Add(move);
                else
                    moves = await ReadAsync();
            }

            var status = Status(moves);
            if ((refusedUnless is { } wanted && status != wanted) || done?.Invoke(moves) == false)
                status = PaymentStatus.Refused;
            return new PaymentReport(
                status, Sum(moves, Movement.Authorized), Sum(moves, Movement.Captured), Sum(moves, Movement.Refunded) + Sum(moves, Movement.Cancelled),
                moves is [var first, ..] ? first.Currency : null);

            Task<List<DevelopmentMovement>> ReadAsync() => database.Set<DevelopmentMovement>().AsNoTracking()
                .Where(move => move.Payment == payment).OrderBy(move => move.Id).ToListAsync(cancellationToken);
        });
    }

    /// <summary>In one statement, which does nothing where somebody else was faster.</summary>
    private static Task<int> AddAsync(TContext database, DevelopmentMovement move, int number, CancellationToken cancellationToken)
    {
        // The model's own name of the table is all that is put into the text.
        var table = database.TableOf<DevelopmentMovement>();
        return database.Database.ExecuteSqlAsync(
            FormattableStringFactory.Create(
                $$"""
                insert into {{table}} (payment, number, key, kind, method, amount, currency, at) values ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7})
                on conflict do nothing
                """,
                move.Payment,
                number,
                move.Key,
                move.Kind,
                move.Method,
                move.Amount,
                move.Currency,
                move.At),
            cancellationToken);
    }

    private static decimal Sum(List<DevelopmentMovement> moves, string kind) => moves.Where(move => move.Kind == kind).Sum(move => move.Amount);

    private static PaymentStatus Status(List<DevelopmentMovement> moves)
        => moves.FindLast(move => move.Kind != Movement.Refunded)?.Kind switch
        {
            Movement.Waiting => PaymentStatus.Waiting,
            Movement.Declined => PaymentStatus.Declined,
            Movement.Authorized => PaymentStatus.Authorized,
            Movement.Captured => PaymentStatus.Captured,
            Movement.Cancelled => PaymentStatus.Cancelled,
            _ => PaymentStatus.Refused,
        };

    private static class Movement
    {
        public const string Waiting = "waiting";
        public const string Declined = "declined";
        public const string Authorized = "authorized";
        public const string Captured = "captured";
        public const string Cancelled = "cancelled";
        public const string Refunded = "refunded";
    }
}

/// <summary>Gives a service its payment provider.</summary>
public static class PaymentProvider
{
    /// <summary>The provider that the settings name; without one the service does not start.</summary>
    public static void AddPayments<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidatedOptions<PaymentsOptions, PaymentsOptions.Validator>(PaymentsOptions.Section);

        // The one there is; the settings say that it is wanted.
        builder.Services.AddSingleton<IPayments, DevelopmentPayments<TContext>>();
    }

    /// <summary>Adds its table to a model.</summary>
    public static void MapPayments(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new DevelopmentMovementMapping());
    }
}
