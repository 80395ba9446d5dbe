using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Placing;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;

namespace SecureShop.Orders.Tests.Shared;

/// <summary>What is answered to a request that places an order, read off the order alone: so it is the same however often it is asked.</summary>
[Trait("Practice", "P19")]
public sealed class PlaceOrderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 1, 2, 3, TimeSpan.Zero);
    private static readonly Guid Product = Guid.Parse("0198c0de-0000-7000-8000-000000000002");
    private readonly FakeTimeProvider clock = new(Now);
    private readonly OutboxMessages outbox;
    private readonly PlaceOrderResults results;

    public PlaceOrderTests()
    {
        outbox = new(clock, Options.Create(new OutboxOptions()));
        results = new(outbox, Options.Create(new ShopOptions { Origin = "https://localhost:7443" }));
    }

    [Theory]
    [InlineData(nameof(Rejection.MixedCurrencies), 409, "The products are sold in different currencies; order them apart.")]
    [InlineData(nameof(Rejection.AboveBounds), 409, "Your open orders would be worth more than they may be. Order again when one is on its way.")]
    [InlineData(nameof(Rejection.Declined), 402, "The payment was declined, and nothing is charged. Order again with a new Idempotency-Key.")]
    [InlineData(nameof(Rejection.Unpaid), 402, "The payment did not come about in time, and nothing is charged. Order again with a new Idempotency-Key.")]
    [InlineData(nameof(Rejection.Unconfirmed), 502, "The catalog did not confirm the order, and it was given up. Order again with a new Idempotency-Key.")]
    public void An_order_that_did_not_come_about_says_why(string rejection, int status, string detail)
    {
        var order = NewOrder();
        order.BeginRejecting(Enum.Parse<Rejection>(rejection));
        var problem = Problem(results.Of(new DefaultHttpContext(), order).Result);
        Assert.Equal((status, detail), (problem.StatusCode, problem.ProblemDetails.Detail));
        Assert.DoesNotContain("productId", problem.ProblemDetails.Extensions.Keys);
    }

    [Fact]
    public void A_refusal_names_the_product_where_the_catalog_has()
    {
        var named = NewOrder();
        named.Reject(Product);
        var problem = Problem(results.Of(new DefaultHttpContext(), named).Result);
        Assert.Equal((409, $"The product {Product:D} is not available in that quantity."), (problem.StatusCode, problem.ProblemDetails.Detail));
        Assert.Equal((Guid?)Product, problem.ProblemDetails.Extensions["productId"]);

        var unnamed = NewOrder();
        unnamed.Reject(productId: null);
        problem = Problem(results.Of(new DefaultHttpContext(), unnamed).Result);
        Assert.Equal((409, "A product is not available in that quantity."), (problem.StatusCode, problem.ProblemDetails.Detail));
        Assert.DoesNotContain("productId", problem.ProblemDetails.Extensions.Keys);
    }

    [Fact]
    public void An_order_of_which_the_catalog_says_nothing_is_asked_for_again_later()
    {
        var order = NewOrder();
        order.Expect(outbox.New("reserve", order.Id));
        outbox.PutOff(order.Step!, failed: false);
        outbox.PutOff(order.Step!, failed: false);
        var http = new DefaultHttpContext();
        var problem = Problem(results.Of(http, order).Result);
        Assert.Equal((503, "The catalog did not answer in time. The order is kept; ask again with the same Idempotency-Key."), (problem.StatusCode, problem.ProblemDetails.Detail));
        Assert.Equal("4", http.Response.Headers.RetryAfter);
        Assert.Equal(0, http.Response.Headers.ETag.Count);
    }

    [Theory]
    [InlineData(false, false, typeof(Accepted<OrderResponse>), "reserved")]
    [InlineData(true, false, typeof(Accepted<OrderResponse>), "authorized")]
    [InlineData(true, true, typeof(Created<OrderResponse>), "confirmed")]
    public void A_placed_order_is_made_once_it_is_paid_and_accepted_until_then(bool authorized, bool confirmed, Type answer, string state)
    {
        var order = NewOrder();
        order.Reserve([new(Product, "Kettle", "sam", 2, 24.90m, "EUR")], heldUntil: null, Now);
        if (authorized)
            order.Authorize();
        if (confirmed)
            order.Confirm();
        order.Expect(confirmed ? null : outbox.New("authorize", order.Id));
        var http = new DefaultHttpContext();
        var result = results.Of(http, order).Result;
        Assert.IsType(answer, result);
        var (location, body) = result is Created<OrderResponse> created ? (created.Location, created.Value) : (((Accepted<OrderResponse>)result).Location, ((Accepted<OrderResponse>)result).Value);
        Assert.Equal($"https://localhost:7443/api/orders/{order.Id:D}", location);
        Assert.Equal((order.Id, state), (body!.Id, body.State));
        Assert.Equal(OrderTag.Of(order).ToString(), http.Response.Headers.ETag);
        Assert.Equal(confirmed ? "" : "2", http.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public void Other_refusals_say_what_to_do()
    {
        var http = new DefaultHttpContext();
        var busy = PlaceOrderResults.InProgress(http);
        Assert.Equal((409, "The same request is being worked on; ask again.", "1"), (busy.StatusCode, busy.ProblemDetails.Detail, http.Response.Headers.RetryAfter.ToString()));
        var above = PlaceOrderResults.AboveBounds("too much");
        Assert.Equal((409, "too much"), (above.StatusCode, above.ProblemDetails.Detail));
        var reused = PlaceOrderResults.KeyReused();
        Assert.Equal((422, "This Idempotency-Key was used for another request."), (reused.StatusCode, reused.ProblemDetails.Detail));
        var erased = PlaceOrderResults.Erased();
        Assert.Equal((403, "This account was erased."), (erased.StatusCode, erased.ProblemDetails.Detail));
        var invalid = PlaceOrderResults.InvalidKey();
        Assert.Equal(400, invalid.StatusCode);
        Assert.Equal(
            ("Idempotency-Key", "One key of 8 to 64 letters, digits, - and _, in double quotes or without."),
            Assert.IsType<HttpValidationProblemDetails>(invalid.ProblemDetails).Errors.Select(one => (one.Key, Assert.Single(one.Value))).Single());
    }

    [Fact]
    [Trait("Practice", "P23")]
    public void A_request_has_whole_lines_each_of_another_product_and_a_means_of_payment_that_is_no_card()
    {
        PlaceOrderLine one = new() { ProductId = Product, Quantity = 1 }, two = new() { ProductId = Guid.NewGuid(), Quantity = 2 };
        Assert.Empty(Faults([one], "pm_ok"));
        Assert.Empty(Faults([one, two], "pm_ok"));
        Assert.Equal(["Lines: Each product may stand in one line only."], Faults([one, two, one with { VariantId = Guid.NewGuid() }], "pm_ok"));
        Assert.Equal(["Lines: A line must not be null."], Faults([one, null!, one], "pm_ok"));
        Assert.Equal([$"PaymentMethod: {PaymentMethods.Rule}"], Faults([one], "4111 1111 1111 1111"));
        Assert.Equal(["Lines: A line must not be null.", $"PaymentMethod: {PaymentMethods.Rule}"], Faults([null!], ""));
        Assert.Equal((1, 50), typeof(PlaceOrderRequest).GetProperty(nameof(PlaceOrderRequest.Lines))!.GetCustomAttribute<LengthAttribute>() is { } length ? (length.MinimumLength, length.MaximumLength) : default);

        static IEnumerable<string> Faults(IReadOnlyList<PlaceOrderLine> lines, string method)
        {
            var request = new PlaceOrderRequest { Lines = lines, PaymentMethod = method };
            return request.Validate(new(request)).Select(fault => $"{fault.MemberNames.Single()}: {fault.ErrorMessage}");
        }
    }

    private static ProblemHttpResult Problem(IResult result) => Assert.IsType<ProblemHttpResult>(result);

    private static Order NewOrder() => new()
    {
        Id = Guid.CreateVersion7(Now),
        CustomerId = "alice",
        IdempotencyKey = "key-0001",
        RequestHash = [1],
        PaymentMethod = "pm_ok",
        CreatedAt = Now,
        Lines = [new OrderLine { ProductId = Product, Position = 0, Quantity = 2 }],
    };
}
