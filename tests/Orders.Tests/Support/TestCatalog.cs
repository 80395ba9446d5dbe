using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Support;

/// <summary>A product of <see cref="TestCatalog"/>.</summary>
public sealed record TestProduct(Guid Id, string Name, decimal Price, string Currency = "EUR", int Stock = 1000, string Seller = "seller-1");

/// <summary>A line on the wire.</summary>
public sealed record TestLine(Guid ProductId, int Quantity, Guid? VariantId = null);

/// <summary>The body of a reservation.</summary>
public sealed record TestReservation(IReadOnlyList<TestLine> Lines);

/// <summary>
/// Keeps to what the catalog promises about reservations, over real https; and breaks the promise when <see cref="Instead"/> says so.
/// </summary>
public sealed class TestCatalog : IAsyncDisposable
{
    private readonly LoopbackServer server;
    private readonly ConcurrentDictionary<Guid, TestProduct> products = new();
    private readonly Dictionary<Guid, TestReservation> held = [];
    private readonly HashSet<Guid> released = [];
    private readonly HashSet<Guid> confirmed = [];
    private readonly Lock gate = new();

    private TestCatalog() => server = new LoopbackServer(app =>
    {
        app.MapPut("/reservations/{id:guid}", async (Guid id, TestReservation body, HttpContext http) =>
            Refusal(http) ?? await InsteadOf(http) ?? await HungAsync(Do(() => Reserve(id, body)), http));
        app.MapPut("/reservations/{id:guid}/confirmed", async (Guid id, HttpContext http) =>
            Refusal(http) ?? await InsteadOf(http) ?? await HungAsync(Do(() => Confirm(id)), http));
        app.MapDelete("/reservations/{id:guid}", async (Guid id, HttpContext http) =>
            Refusal(http) ?? await InsteadOf(http) ?? await HungAsync(Do(() => Release(id)), http));
    });

    /// <summary>What to answer instead, where not null; null from it goes on as promised.</summary>
    public Func<HttpContext, Task<IResult?>>? Instead { get; set; }

    /// <summary>Does as asked, but never says so.</summary>
    public bool Hang { get; set; }

    /// <summary>The same for some calls.</summary>
    public Func<HttpContext, bool>? HangAt { get; set; }

    /// <summary>Says of no reservation when it ends, and knows no confirmation.</summary>
    public bool HoldsForEver { get; set; }

    /// <summary>Does everything twice.</summary>
    public bool Twice { get; set; }

    /// <summary>The token that a call must carry.</summary>
    public string Token { get; } = Guid.NewGuid().ToString("N");

    public Uri Address => server.Address;

    /// <summary>How many calls came in, of any kind.</summary>
    public int Calls { get; private set; }

    /// <summary>How many different reservations were ever made.</summary>
    public int Made { get; private set; }

    public static async Task<TestCatalog> StartAsync()
    {
        var catalog = new TestCatalog();
        await catalog.server.StartAsync();
        return catalog;
    }

    public TestProduct Add(string name = "Kettle", decimal price = 24.90m, string currency = "EUR", int stock = 1000, string seller = "seller-1")
    {
        var product = new TestProduct(Guid.CreateVersion7(), name, price, currency, stock, seller);
        products[product.Id] = product;
        return product;
    }

    /// <summary>Another product like <paramref name="product"/>, of this seller.</summary>
    public TestProduct Sell(TestProduct product, string seller)
    {
        var sold = product with { Id = Guid.CreateVersion7(), Seller = seller };
        Change(sold);
        return sold;
    }

    public void Change(TestProduct product) => products[product.Id] = product;

    public bool Holds(Guid orderId)
    {
        lock (gate)
            return held.ContainsKey(orderId);
    }

    public bool HasConfirmed(Guid orderId)
    {
        lock (gate)
            return held.ContainsKey(orderId) && confirmed.Contains(orderId);
    }

    /// <summary>Reserves one piece, as a call that was answered did.</summary>
    public void Hold(Guid orderId, TestProduct product)
    {
        ArgumentNullException.ThrowIfNull(product);
        Reserve(orderId, new([new TestLine(product.Id, 1)]));
    }

    /// <summary>The time of a reservation that nobody confirmed is over.</summary>
    public void Expire(Guid orderId) => Release(orderId);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private IResult? Refusal(HttpContext http)
    {
        lock (gate)
            Calls++;
        return http.Request.Headers.Authorization == $"Bearer {Token}" ? null : Results.Unauthorized();
    }

    private async Task<IResult?> InsteadOf(HttpContext http) => Instead is { } instead ? await instead(http) : null;

    private async Task<IResult> HungAsync(IResult done, HttpContext http)
    {
        if (Hang || HangAt?.Invoke(http) == true)
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        return done;
    }

    private IResult Do(Func<IResult> act)
    {
        if (Twice)
            act();
        return act();
    }

    private IResult Reserve(Guid id, TestReservation body)
    {
        lock (gate)
        {
            if (released.Contains(id) || (held.TryGetValue(id, out var same) && !same.Lines.SequenceEqual(body.Lines)))
                return Results.Problem(statusCode: StatusCodes.Status409Conflict);
            if (body.Lines.FirstOrDefault(line => !products.TryGetValue(line.ProductId, out var p) || p.Stock < line.Quantity) is { } bad)
            {
                return Results.Problem(
                    "SECRET of the catalog", statusCode: StatusCodes.Status409Conflict,
                    extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["productId"] = bad.ProductId });
            }

            if (held.TryAdd(id, body))
                Made++;
            return Results.Json(new
            {
                lines = body.Lines.Select(line => Sold(products[line.ProductId], line)).ToArray(),
                expiresAt = HoldsForEver ? (DateTimeOffset?)null : TimeProvider.System.GetUtcNow().AddMinutes(15),
            });
        }
    }

    private IResult Confirm(Guid id)
    {
        lock (gate)
        {
            if (!held.ContainsKey(id) || HoldsForEver)
                return released.Contains(id) ? Results.Problem(statusCode: StatusCodes.Status409Conflict) : Results.NotFound();
            confirmed.Add(id);
            return Results.NoContent();
        }
    }

    private static object Sold(TestProduct product, TestLine line) => new
    {
        productId = product.Id,
        variantId = line.VariantId,
        name = product.Name,
        sellerId = product.Seller,
        quantity = line.Quantity,
        unitPrice = product.Price,
        currency = product.Currency,
    };

    private IResult Release(Guid id)
    {
        lock (gate)
        {
            held.Remove(id);
            released.Add(id);
            return Results.NoContent();
        }
    }
}
