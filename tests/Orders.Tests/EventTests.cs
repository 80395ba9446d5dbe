using System.Net;
using SecureShop.Orders.Data;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests;

public sealed class EventTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Theory]
    [InlineData("read")]
    [InlineData("cancel")]
    [Trait("Practice", "P11")]
    [Trait("Practice", "P33")]
    public async Task Naming_another_customers_order_leaves_an_event_and_naming_none_or_ones_own_leaves_none(string what)
    {
        var alice = host.Customer();
        var bob = host.Customer();
        var order = await alice.PlacedAsync(host.Catalog.Add());
        Task<HttpResponseMessage> AskAsync(Caller caller, Guid id) => what == "read" ? caller.GetAsync($"/{id}") : caller.CancelAsync(id);

        using var none = await AskAsync(bob, Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Empty(Of(bob));

        using var theirs = await AskAsync(bob, order);
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        var refused = Assert.Single(Of(bob));
        Assert.Equal((1003, "OwnershipRefused", "not_owner", "404"), (refused.Id, refused.Name, refused["Reason"], refused["Status"]));
        Assert.Equal(what == "read" ? "/{id:guid}" : "/{id:guid}/cancel", refused["Route"]);
        Assert.DoesNotContain(order.ToString(), refused.Text, StringComparison.Ordinal);

        using var own = await AskAsync(alice, order);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Empty(Of(alice));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Support_who_reads_any_order_leaves_no_event()
    {
        var order = await host.Customer().PlacedAsync(host.Catalog.Add());
        var susan = host.As(Role.Support);
        using var read = await susan.GetAsync($"/{order}");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Empty(Of(susan));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public async Task Input_that_is_refused_leaves_an_event()
    {
        var mallory = host.Customer();
        using var refused = await mallory.PlaceJsonAsync("{\"lines\":[],\"customerId\":\"alice\"}");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal((1004, "input"), (Assert.Single(Of(mallory)).Id, Of(mallory)[0]["Reason"]));
    }

    [Fact]
    [Trait("Practice", "P33")]
    public void The_document_lists_every_event_and_no_other() => Assert.Empty(EventDocument.Differences([typeof(OrdersDbContext).Assembly], 5000, 5999, "secureshop.orders"));

    // But what happened to orders.
    private List<RecordedEvent> Of(Caller caller) => [.. host.Events.All.Where(one => one["Subject"] == caller.Subject && one.Id != 5050)];
}
