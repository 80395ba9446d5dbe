using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Sealing;

namespace SecureShop.Orders.Tests;

/// <summary>What an <c>Idempotency-Key</c> stands for in each state that its order can be in, without what comes of the order meanwhile.</summary>
[Trait("Practice", "P19")]
public sealed class ClaimTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private const string Key = "key-0001";
    private static readonly Guid Kettle = Guid.NewGuid();
    private static readonly Guid Lamp = Guid.NewGuid();

    private readonly string customer = $"customer-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_is_an_order_as_it_was_asked_for_and_its_first_step_is_the_claimants()
    {
        var variant = Guid.NewGuid();
        var request = new PlaceOrderRequest
        {
            Lines = [new() { ProductId = Lamp, VariantId = variant, Quantity = 3 }, new() { ProductId = Kettle, Quantity = 1 }],
            PaymentMethod = "pm_other",
        };
        var now = host.Clock.GetUtcNow();
        var made = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync(request)).Order;

        var stored = await host.StoredAsync(made.Id);
        Assert.Equal((customer, Key, "pm_other", OrderState.Pending, 7), (stored.CustomerId, stored.IdempotencyKey, stored.PaymentMethod, stored.State, stored.Id.Version));
        Assert.Equal([(Lamp, variant, 0, 3), (Kettle, null, 1, 1)], stored.Lines.OrderBy(line => line.Position).Select(line => (line.ProductId, line.VariantId, line.Position, line.Quantity)));
        Assert.InRange(stored.CreatedAt, now.AddSeconds(-1), host.Clock.GetUtcNow());
        Assert.Equal(32, stored.RequestHash.Length);
        Assert.Equal(("reserve", stored.Id, 0), (stored.Step!.Kind, stored.Step.Subject, stored.Step.Attempts));
        Assert.True(stored.Step.IsLeased(host.Clock.GetUtcNow()));
        Assert.False(await HasDeliveryAsync(made.Id));
        Assert.Equal(["none pending"], await host.TrailAsync(made.Id));
        Assert.Contains(host.Events.All, one => one.Id == 5050 && one["Order"] == $"{made.Id}");
    }

    [Fact]
    public async Task While_somebody_works_on_it_the_same_is_told_so_and_another_is_refused_and_later_it_is_taken_over()
    {
        var first = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync()).Order;
        Assert.IsType<KeyClaim.InProgress>(await ClaimAsync());
        Assert.IsType<KeyClaim.Reused>(await ClaimAsync(Request(quantity: 2)));

        host.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.IsType<KeyClaim.Reused>(await ClaimAsync(Request(quantity: 2)));
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync()));
        Assert.Equal(first.Id, Assert.Single(claims.OfType<KeyClaim.Acquired>()).Order.Id);
        Assert.Equal(7, claims.OfType<KeyClaim.InProgress>().Count());
        Assert.True((await host.StoredAsync(first.Id)).Step!.IsLeased(host.Clock.GetUtcNow()));
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task Of_those_who_race_for_a_new_key_one_has_it()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync()));
        Assert.Single(claims.OfType<KeyClaim.Acquired>());
        Assert.Equal(7, claims.OfType<KeyClaim.InProgress>().Count());
        Assert.Equal(1, await OrdersAsync());

        var other = await Task.WhenAll(Enumerable.Range(1, 6).Select(quantity => ClaimAsync(Request(quantity), "key-0002")));
        Assert.Single(other.OfType<KeyClaim.Acquired>());
        Assert.Equal(5, other.OfType<KeyClaim.Reused>().Count());
        Assert.Equal(2, await OrdersAsync());
    }

    [Theory]
    [InlineData("reserved", 0, typeof(KeyClaim.InProgress))]
    [InlineData("reserved", 1, typeof(KeyClaim.Repeated))]
    [InlineData("authorized", 0, typeof(KeyClaim.InProgress))]
    [InlineData("authorized", 2, typeof(KeyClaim.Repeated))]
    [InlineData("pending", 1, typeof(KeyClaim.InProgress))]
    [InlineData("rejecting", 0, typeof(KeyClaim.Repeated))]
    [InlineData("cancelling", 0, typeof(KeyClaim.Repeated))]
    [InlineData("confirmed", 0, typeof(KeyClaim.Repeated))]
    [InlineData("rejected", 0, typeof(KeyClaim.Repeated))]
    public async Task What_has_got_somewhere_is_answered_and_carried_on_only_where_that_is_due(string state, int attempts, Type claim)
    {
        var made = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync()).Order;
        await BringAsync(made.Id, OrderStates.Parse(state)!.Value, attempts);
        Assert.IsType(claim, await ClaimAsync());
        Assert.IsType<KeyClaim.Reused>(await ClaimAsync(Request(quantity: 2)));

        host.Clock.Advance(TimeSpan.FromMinutes(2));
        var due = await ClaimAsync();
        Assert.Equal(state is "pending" or "reserved" or "authorized" ? typeof(KeyClaim.Acquired) : typeof(KeyClaim.Repeated), due.GetType());
        Assert.Equal(made.Id, due is KeyClaim.Acquired acquired ? acquired.Order.Id : ((KeyClaim.Repeated)due).Order.Id);
    }

    [Fact]
    [Trait("Practice", "P16")]
    public async Task A_key_is_its_customers_alone()
    {
        var mine = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync()).Order;
        var theirs = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync(Request(quantity: 2), Key, $"customer-{Guid.NewGuid():N}")).Order;
        Assert.NotEqual(mine.Id, theirs.Id);
        Assert.NotEqual(mine.RequestHash, theirs.RequestHash);
    }

    [Fact]
    [Trait("Practice", "P21")]
    public async Task Where_it_goes_is_stored_with_it_and_another_address_is_another_request()
    {
        var made = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync(Request(street: "Violet lane 4"))).Order;
        Assert.True(await HasDeliveryAsync(made.Id));
        Assert.IsType<KeyClaim.InProgress>(await ClaimAsync(Request(street: "Violet lane 4")));
        Assert.IsType<KeyClaim.Reused>(await ClaimAsync(Request(street: "Violet lane 5")));
        Assert.IsType<KeyClaim.Reused>(await ClaimAsync());
    }

    [Fact]
    [Trait("Practice", "P36")]
    public async Task Of_who_was_erased_nothing_is_kept()
    {
        await host.Services.GetRequiredService<PersonalSeals>().DestroyAsync(customer, Cancelled);
        Assert.IsType<KeyClaim.Erased>(await ClaimAsync());
        Assert.Equal(0, await OrdersAsync());
    }

    [Fact]
    [Trait("Practice", "P41")]
    public async Task Above_the_bounds_nothing_is_stored_and_the_key_stays_free()
    {
        for (var orders = 0; orders < 2; orders++)
            Assert.IsType<KeyClaim.Acquired>(await ClaimAsync(Request(99), $"full-{orders}000"));
        var above = Assert.IsType<KeyClaim.AboveBounds>(await ClaimAsync(Request(99, street: "Violet lane 4")));
        Assert.Contains("pieces of one product", above.Why, StringComparison.Ordinal);
        Assert.Equal(2, await OrdersAsync());
        var other = Assert.IsType<KeyClaim.Acquired>(await ClaimAsync(Request(1, product: Lamp))).Order;
        Assert.Equal(["none pending"], await host.TrailAsync(other.Id));
    }

    private static PlaceOrderRequest Request(int quantity = 1, string? street = null, Guid? product = null) => new()
    {
        Lines = [new() { ProductId = product ?? Kettle, Quantity = quantity }],
        PaymentMethod = "pm_ok",
        Delivery = street is null ? null : new() { Recipient = "Wren", Street = street, PostalCode = "123 45", City = "Town", Country = "SE" },
    };

    private async Task<KeyClaim> ClaimAsync(PlaceOrderRequest? request = null, string key = Key, string? by = null)
    {
        var who = by ?? customer;
        new HttpContextAccessor().HttpContext = new DefaultHttpContext
        {
            User = new(new ClaimsIdentity([new("sub", who), new("role", Role.Customer), new("scope", $"{Scope.OrdersRead} {Scope.OrdersWrite}")], "token")),
        };
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IdempotencyKeys>().ClaimAsync(who, key, request ?? Request(), Cancelled);
    }

    private Task<int> OrdersAsync() => host.WithDatabaseAsync(database => database.Orders.CountAsync(order => order.CustomerId == customer, Cancelled));

    private Task<bool> HasDeliveryAsync(Guid id) => host.WithDatabaseAsync(database => database.Set<OrderDelivery>().AnyAsync(delivery => delivery.OrderId == id, Cancelled));

    /// <summary>Has the order got somewhere, its next step tried so often and leased.</summary>
    private Task<int> BringAsync(Guid id, OrderState state, int attempts) => host.WithDatabaseAsync(async database =>
    {
        var order = await database.Orders.Include(one => one.Lines).Include(one => one.Step).SingleAsync(one => one.Id == id, Cancelled);
        if (state is OrderState.Rejecting)
            order.BeginRejecting(Rejection.Unconfirmed);
        if (state is OrderState.Rejected)
            order.Reject(productId: null);
        if (state is OrderState.Reserved or OrderState.Authorized or OrderState.Confirmed or OrderState.Cancelling)
            order.Reserve([new(Kettle, "Kettle", "sam", 1, 24.90m, "EUR")], heldUntil: null, order.CreatedAt);
        if (state is OrderState.Authorized or OrderState.Confirmed or OrderState.Cancelling)
            order.Authorize();
        if (state is OrderState.Confirmed or OrderState.Cancelling)
            order.Confirm();
        if (state is OrderState.Cancelling)
            order.Cancel();
        var (kind, former) = (state.Step(), order.Step!);
        if (kind != former.Kind)
        {
            database.Remove(former);
            order.Expect(null);
            if (kind is not null)
                order.Expect(new() { Id = Guid.CreateVersion7(), Kind = kind, Subject = id, CreatedAt = order.CreatedAt });
        }

        for (var attempt = 0; attempt < attempts; attempt++)
            order.Step!.PutOff(host.Clock.GetUtcNow(), failed: false);
        order.Step?.Lease(host.Clock.GetUtcNow().AddSeconds(30));
        return await database.SaveChangesAsync(Cancelled);
    });
}
