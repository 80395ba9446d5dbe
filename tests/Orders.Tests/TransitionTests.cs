using SecureShop.Orders.Orders;

namespace SecureShop.Orders.Tests;

/// <summary>The table of states, and that nothing passes it by.</summary>
[Trait("Practice", "P11")]
public sealed class TransitionTests
{
    private static readonly ReservedLine Sold = new(Guid.NewGuid(), "Kettle", "sam", 2, 10m, "EUR");

    [Fact]
    public void The_document_has_the_same_table()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "orders.md"));
        foreach (var one in Transitions.All)
        {
            var row = $"| {one.From.ToWire()} | {one.To.ToWire()} | {one.By.ToString().ToLowerInvariant()} | {one.When} |";
            Assert.True(text.Contains(row, StringComparison.Ordinal), row);
        }

        Assert.Equal(Transitions.All.Count, text.Split('\n').Count(line => Enum.GetValues<OrderState>().Any(state => line.StartsWith($"| {state.ToWire()} | ", StringComparison.Ordinal))));
    }

    [Fact]
    public void Nothing_leads_out_of_an_end_nor_into_the_beginning()
    {
        OrderState[] ends = [OrderState.Rejected, OrderState.Cancelled, OrderState.Refunded];
        Assert.DoesNotContain(Transitions.All, one => ends.Contains(one.From) || one.To == OrderState.Pending);
        foreach (var state in Enum.GetValues<OrderState>().Except(ends))
            Assert.Contains(Transitions.All, one => one.From == state);
        Assert.Equal(Transitions.All.Count, Transitions.All.DistinctBy(one => (one.From, one.To)).Count());
    }

    [Fact]
    public void What_must_never_be()
    {
        // By hand: a wrong row of the table cannot hide here.
        foreach (var state in Enum.GetValues<OrderState>())
        {
            Assert.Equal(state is OrderState.Reserved or OrderState.Authorized or OrderState.Confirmed, Transitions.Allow(state, OrderState.Cancelling, Party.Customer));
            Assert.False(Transitions.Allow(state, OrderState.Cancelling, Party.Seller) || Transitions.Allow(state, OrderState.Cancelling, Party.Staff));
            Assert.False(Transitions.Allow(state, OrderState.Confirmed, Party.Customer) || Transitions.Allow(state, OrderState.Confirmed, Party.Seller) || Transitions.Allow(state, OrderState.Confirmed, Party.Staff));
            Assert.Equal(state is OrderState.Shipping or OrderState.Shipped or OrderState.Delivered, Transitions.Allow(state, OrderState.Refunded, Party.Staff));
            Assert.False(Transitions.Allow(state, OrderState.Refunded, Party.Customer) || Transitions.Allow(state, OrderState.Refunded, Party.Seller));
            Assert.Equal(state is OrderState.Confirmed or OrderState.Shipping, Transitions.Allow(state, OrderState.Shipped, Party.Seller));
        }
    }

    [Fact]
    public void An_order_refuses_what_the_table_does_not_have()
    {
        Assert.Throws<InvalidOperationException>(() => New().Confirm());
        Assert.Throws<InvalidOperationException>(() => New().Cancel());
        Assert.Throws<InvalidOperationException>(() => New().Ship("sam", DateTimeOffset.UnixEpoch));
        Assert.Throws<InvalidOperationException>(() => Confirmed().Deliver("sam", DateTimeOffset.UnixEpoch));
        Assert.Throws<InvalidOperationException>(() => Confirmed().PromiseRefund(1));
        Assert.Equal(OrderState.Confirmed, Confirmed().State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(20.01)]
    public void Nobody_gives_back_more_than_was_paid(double amount)
    {
        var order = Confirmed();
        order.Ship("sam", DateTimeOffset.UnixEpoch);
        Assert.Throws<InvalidOperationException>(() => order.PromiseRefund((decimal)amount));
        order.PromiseRefund(20m);
        Assert.Throws<InvalidOperationException>(() => order.PromiseRefund(0.01m));
        order.EndRefund(20m, done: false);
        Assert.Equal((0m, OrderState.Shipped), (order.Refunded, order.State));
        order.PromiseRefund(20m);
        order.EndRefund(20m, done: true);
        Assert.Equal(OrderState.Refunded, order.State);
    }

    private static Order New() => new()
    {
        Id = Guid.NewGuid(),
        CustomerId = "alice",
        IdempotencyKey = "key-0001",
        RequestHash = [],
        PaymentMethod = "pm_ok",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Lines = [new OrderLine { ProductId = Sold.ProductId, Position = 0, Quantity = 2 }],
    };

    private static Order Confirmed()
    {
        var order = New();
        order.Reserve([Sold], null, DateTimeOffset.UnixEpoch);
        order.Authorize();
        order.Confirm();
        return order;
    }

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
