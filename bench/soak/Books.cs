using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace SecureShop.Bench.Soak;

/// <summary>What has to hold when all is quiet, read from the database past the services.</summary>
internal sealed class Books(Shop shop, Ledger ledger)
{
    private const string Sold = "('confirmed', 'shipping', 'shipped', 'delivered', 'refunded')";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>What is still to be done, and so has to be nothing.</summary>
    private const string Waiting =
        """
        select (select count(*) from orders.outbox_messages) + (select count(*) from orders.audit_waiting)
            + (select count(*) from orders.orders where step_id is not null) + (select count(*) from catalog.reservations where confirmed_at is null and released_at is null)
        """;

    /// <summary>Waits until nothing is to be done any more, for a while. Answers how much is left.</summary>
    public async Task<long> SettleAsync()
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            var left = (await ReadAsync(Waiting, row => row.GetInt64(0)))[0];
            if (left == 0 || TimeProvider.System.GetUtcNow() > until)
                return left;
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>What does not hold, by what it is about; empty lists where all is well.</summary>
    public async Task<IReadOnlyList<(string Name, IReadOnlyList<string> Faults)>> LookAsync() =>
    [
        ("stock is conserved", await StockAsync()),
        ("nobody is charged twice, nor for what they did not get", await MoneyAsync()),
        ("no accepted order is lost", await PromisesAsync()),
        ("every change of an order is in the audit trail, once", await AuditAsync()),
        ("the chain of the audit trail is whole", await shop.VerifyAuditAsync() is (not 0, var said) ? [said] : []),
        ("nothing is stuck", await StuckAsync()),
    ];

    public async Task<IReadOnlyList<string>> StatesAsync()
        => await ReadAsync("select state, count(*) from orders.orders group by 1 order by 2 desc", row => string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(1)} {row.GetString(0)}"));

    private async Task<List<string>> StockAsync()
    {
        var sold = (await ReadAsync(
            $"select product_id, sum(quantity) from orders.order_lines join orders.orders on id = order_id where state in {Sold} group by 1",
            row => (Id: row.GetGuid(0), Quantity: row.GetInt64(1)))).ToDictionary(row => row.Id, row => row.Quantity);
        var held = (await ReadAsync(
            "select product_id, sum(quantity) from catalog.reservation_lines join catalog.reservations using (order_id) where released_at is null group by 1",
            row => (Id: row.GetGuid(0), Quantity: row.GetInt64(1)))).ToDictionary(row => row.Id, row => row.Quantity);
        var left = (await ReadAsync("select product_id, sum(quantity)::bigint from catalog.stock group by 1", row => (Id: row.GetGuid(0), Stock: row.GetInt64(1)))).ToDictionary(row => row.Id, row => row.Stock);
        return [.. from product in shop.Products
            let ordered = sold.GetValueOrDefault(product.Id)
            where product.Stock - ordered != left[product.Id] || held.GetValueOrDefault(product.Id) != ordered
            select string.Create(CultureInfo.InvariantCulture, $"of {product.Id} there were {product.Stock}, {ordered} are sold, {held.GetValueOrDefault(product.Id)} held and {left[product.Id]} left")];
    }

    private Task<List<string>> MoneyAsync() => ReadAsync(
        $"""
        select format('%s is %s, worth %s: charged %s times, kept %s', orders.id, state, coalesce(total, 0), times, kept)
        from orders.orders
        left join lateral (select sum(unit_price * quantity) as total from orders.order_lines where order_id = orders.id) as lines on true
        join lateral (
            select count(*) filter (where kind = 'captured') as times,
                coalesce(sum(amount) filter (where kind = 'captured'), 0) - coalesce(sum(amount) filter (where kind in ('refunded', 'cancelled')), 0) as kept
            from orders.development_movements where payment = orders.id) as money on true
        where times > 1 or kept <> case when state in {Sold} then total else 0 end
        """,
        row => row.GetString(0));

    private async Task<List<string>> PromisesAsync()
    {
        var states = (await ReadAsync("select id, state from orders.orders", row => (Id: row.GetGuid(0), State: row.GetString(1)))).ToDictionary(row => row.Id, row => row.State);
        return [
            .. ledger.Taken.Keys.Where(id => !states.ContainsKey(id)).Select(id => $"{id} was taken, and is not there"),
            .. ledger.Taken.Where(order => order.Value && states.GetValueOrDefault(order.Key) is "rejected").Select(order => $"{order.Key} was paid, and is rejected"),
            .. ledger.Cancelled.Keys.Where(id => states.GetValueOrDefault(id) != "cancelled").Select(id => $"{id} was cancelled, and is {states.GetValueOrDefault(id)}"),
            .. ledger.Shipped.Keys.Where(id => states.GetValueOrDefault(id) is not ("shipping" or "shipped" or "delivered")).Select(id => $"{id} was shipped, and is {states.GetValueOrDefault(id)}"),
        ];
    }

    /// <summary>The changes of each order lead from nothing to what it is: none is missing, none is there twice.</summary>
    private async Task<List<string>> AuditAsync()
    {
        var trail = (await ReadAsync("select details::text from orders.audit_events where event_id = 5050 order by id", row => JsonElement.Parse(row.GetString(0))))
            .ToLookup(said => said.GetProperty("Order").GetString()!, said => (From: said.GetProperty("From").GetString()!, To: said.GetProperty("To").GetString()!));
        var faults = new List<string>();
        foreach (var (id, state) in await ReadAsync("select id::text, state from orders.orders", row => (row.GetString(0), row.GetString(1))))
        {
            var at = "none";
            var follows = true;
            foreach (var (from, to) in trail[id])
                (follows, at) = (follows && from == at, to);
            if (!follows || at != state)
                faults.Add($"{id} is {state}; the trail says {string.Join(", ", trail[id].Select(change => $"{change.From} to {change.To}"))}");
        }

        return faults;
    }

    private async Task<List<string>> StuckAsync() =>
    [
        .. await ReadAsync("select format('message %s of %s: %s attempts, %s failures%s', kind, subject, attempts, failures, case when parked_at is null then '' else ', parked' end) from orders.outbox_messages", row => row.GetString(0)),
        .. await ReadAsync("select format('%s of %s waits for the audit trail', event_name, subject) from orders.audit_waiting", row => row.GetString(0)),
        .. await ReadAsync("select format('order %s is %s', id, state) from orders.orders where step_id is not null", row => row.GetString(0)),
        .. await ReadAsync("select format('stock of %s is held for nobody', order_id) from catalog.reservations where confirmed_at is null and released_at is null", row => row.GetString(0)),
    ];

    [SuppressMessage("Security", "CA2100", Justification = "The texts are those above.")]
    private async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        List<T> rows = [];
        await using var connection = new NpgsqlConnection(shop.Admin);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }
}
