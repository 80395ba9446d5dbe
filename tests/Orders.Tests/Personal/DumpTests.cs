using System.Net;
using System.Text;
using Npgsql;
using SecureShop.Orders.Tests.Support;
using SecureShop.ServiceDefaults.Access;
using SecureShop.Testing;

namespace SecureShop.Orders.Tests.Personal;

/// <summary>Who gets hold of the database, but of no master key, reads nothing about people.</summary>
[Trait("Practice", "P21")]
public sealed class DumpTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_of_the_orders_shows_nothing_of_where_they_are_sent()
    {
        var customer = host.Customer();
        var product = host.Catalog.Add($"kanari{Guid.NewGuid():N}");
        var delivery = Deliveries.Canaries();
        var id = await customer.PlacedAsync(product, delivery);
        using var used = await customer.PlaceAsync(Deliveries.Order(product, Deliveries.Canaries()), "key-0001");
        using var refused = await customer.PlaceAsync(Deliveries.Order(product with { Id = Guid.CreateVersion7() }, delivery));
        await refused.ProblemAsync(HttpStatusCode.Conflict);
        await host.As(Role.Seller, product.Seller).DeliveryAsync(id, "shipping-label");

        var dump = await DatabaseDump.OfAsync(host.AdminConnection, Cancelled);

        Assert.Contains("orders.order_deliveries", dump, StringComparison.Ordinal);
        Assert.Contains(product.Name, dump, StringComparison.Ordinal);
        Assert.Contains(customer.Subject, dump, StringComparison.Ordinal);
        Assert.Empty(delivery.Where(field => field.Key != "country" && DatabaseDump.Shows(dump, field.Value!)).Select(field => field.Key));
        Assert.DoesNotContain(host.Events.All, one => delivery.Any(field => field.Key != "country" && one.Text.Contains(field.Value!, StringComparison.Ordinal)));

        // Nor the keys that it was sealed by.
        Assert.False(DatabaseDump.Shows(dump, host.MasterKey));
        Assert.DoesNotContain(Convert.ToHexString(Convert.FromBase64String(host.MasterKey)), dump, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The same eyes find what is there to be found, however it was written.</summary>
    [Fact]
    public async Task The_search_finds_a_value_in_every_encoding_that_it_looks_for()
    {
        var value = $"kanari{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(host.AdminConnection);
        object[] written =
        [
            value, Encoding.UTF8.GetBytes(value), Encoding.Unicode.GetBytes($"x{value}"), Convert.ToHexString(Encoding.UTF8.GetBytes(value)), $"a {value} b",
            .. Enumerable.Range(0, 3).Select(before => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{new string('-', before)}{value} and more"))),
            Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"-{value}!"))),
        ];
        foreach (var one in written)
        {
            await using var make = source.CreateCommand("create table public.found as select $1 as value");
            make.Parameters.Add(new() { Value = one });
            await make.ExecuteNonQueryAsync(Cancelled);
            var dump = await DatabaseDump.OfAsync(host.AdminConnection, Cancelled);
            await using var drop = source.CreateCommand("drop table public.found");
            await drop.ExecuteNonQueryAsync(Cancelled);
            Assert.True(DatabaseDump.Shows(dump, value), $"{one}");
        }
    }
}
