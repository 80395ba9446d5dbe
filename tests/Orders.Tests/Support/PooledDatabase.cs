using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Storage.Data;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Support;

/// <summary>The service's database as the service registers it, with nothing of the service's code in front, and one connection for everybody.</summary>
public sealed class PooledDatabase(PostgresFixture postgres) : IAsyncLifetime
{
    private IHost? services;

    public string Admin { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Admin = await ReadyDatabases.CreateAsync(postgres);
        var builder = Host.CreateEmptyApplicationBuilder(null);

        // However long the server takes to notice that it was cancelled, it is the same connection afterwards.
        builder.Configuration["ConnectionStrings:ordersdb"]
            = new NpgsqlConnectionStringBuilder(ReadyDatabases.As(Admin, "orders_app")) { MaxPoolSize = 1, CancellationTimeout = 60_000 }.ConnectionString;
        builder.AddShopDatabase<OrdersDbContext>("ordersdb", prepared: 10);
        services = builder.Build();
    }

    public ValueTask DisposeAsync()
    {
        services?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A customer with an order of two lines.</summary>
    internal async Task<(string Customer, Guid Order)> CustomerAsync()
    {
        var customer = $"customer-{Guid.NewGuid():N}";
        var order = NewOrder(customer);
        await AsAsync(customer, async database =>
        {
            database.Add(order);
            return await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return (customer, order.Id);
    }

    internal static Order NewOrder(string customer)
    {
        var order = new Order
        {
            Id = Guid.CreateVersion7(),
            CustomerId = customer,
            IdempotencyKey = Guid.NewGuid().ToString(),
            RequestHash = [1],
            PaymentMethod = "pm_ok",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Lines = [.. Enumerable.Range(0, 2).Select(place => new OrderLine { ProductId = Guid.NewGuid(), Position = place, Quantity = 1 })],
        };
        order.Expect(new() { Id = Guid.CreateVersion7(), Kind = "reserve", Subject = order.Id, CreatedAt = DateTimeOffset.UnixEpoch });
        return order;
    }

    /// <summary>As in a request of a customer; of nobody's where there is none.</summary>
    internal Task<T> AsAsync<T>(string? customer, Func<OrdersDbContext, Task<T>> work) => AsAsync(customer, [Role.Customer], [Scope.OrdersRead, Scope.OrdersWrite], work);

    internal async Task<T> AsAsync<T>(string? subject, string[] roles, string[] scopes, Func<OrdersDbContext, Task<T>> work)
    {
        var claims = roles.Select(role => new Claim("role", role)).Append(new("scope", string.Join(' ', scopes))).ToList();
        if (subject is { Length: > 0 })
            claims.Add(new("sub", subject));

        // In a method that is async, so that it is over with it.
        new HttpContextAccessor().HttpContext = new DefaultHttpContext { User = new(subject is null ? new ClaimsIdentity() : new ClaimsIdentity(claims, "token")) };
        await using var scope = services!.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<OrdersDbContext>());
    }
}
