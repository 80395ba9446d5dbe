using System.Net;
using Npgsql;

namespace SecureShop.Catalog.Tests;

/// <summary>What of security events stays in the catalog's own schema.</summary>
public sealed class AuditTests(CatalogHost host)
{
    [Fact]
    [Trait("Practice", "P33")]
    [Trait("Practice", "P16")]
    public async Task Naming_another_sellers_product_is_a_row_of_the_trail_and_naming_none_is_not()
    {
        using var owner = host.Seller();
        var id = $"{Guid.NewGuid()}";
        using var other = host.Seller(id);
        var product = await owner.Add(Sample.Product(published: false));
        (await other.Get($"/products/{Guid.NewGuid()}")).Expect(HttpStatusCode.NotFound);
        (await other.Get($"/products/{product.Id}")).Expect(HttpStatusCode.NotFound);

        // Nobody waits for it: it comes in its time.
        var rows = await RowsAsync(id);
        while (rows.Count == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            rows = await RowsAsync(id);
        }

        Assert.Equal(["1003 OwnershipRefused not_owner GET /products/{id:guid} 404"], rows);
    }

    private async Task<List<string>> RowsAsync(string subject)
    {
        await using var connection = new NpgsqlConnection(host.AdminConnection);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "select concat_ws(' ', event_id, event_name, reason, method, route, status) from catalog.audit_events where subject = $1 order by id", connection);
        command.Parameters.Add(new() { Value = subject });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> rows = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }
}
