using System.Net;
using Microsoft.EntityFrameworkCore;
using SecureShop.Orders.Tests.Support;
using SecureShop.Storage.Audit;

namespace SecureShop.Orders.Tests;

/// <summary>What of security events stays in the schema of orders.</summary>
public sealed class AuditTests(OrdersHost host) : IClassFixture<OrdersHost>
{
    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P16")]
    public async Task Naming_another_customers_order_is_a_row_of_the_trail_and_naming_none_is_not()
    {
        var id = await host.Customer().PlacedAsync(host.Catalog.Add());
        var other = host.Customer();
        using var none = await other.GetAsync($"/{Guid.CreateVersion7()}");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var theirs = await other.GetAsync($"/{id}");
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);

        // Nobody waits for it: it comes in its time.
        var rows = await RowsAsync(other.Subject);
        while (rows.Count == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            rows = await RowsAsync(other.Subject);
        }

        var row = Assert.Single(rows);
        Assert.Equal((1003, "OwnershipRefused", "not_owner", 404), (row.EventId, row.EventName, row.Reason, row.Status));
    }

    private Task<List<AuditRow>> RowsAsync(string subject) => host.WithDatabaseAsync(database =>
        database.Set<AuditRow>().AsNoTracking().Where(row => row.Subject == subject).ToListAsync(TestContext.Current.CancellationToken));
}
