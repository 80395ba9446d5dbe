using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SecureShop.Database.Tests;

/// <summary>Stock moves to a table of its own: what there was of each product is there afterwards, once.</summary>
public sealed class StockMigrationTests(ReadyDatabase ready)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stock_from_before_is_kept_with_its_seller_and_its_version()
    {
        var admin = Setup.Unpooled(await ready.Server.CreateDatabaseAsync());
        await using (var connection = new NpgsqlConnection(admin))
        {
            await connection.OpenAsync(Cancelled);
            await RolesStep.RunAsync(connection, Schemas.All, _ => Setup.Password, Cancelled);
            var catalog = Schemas.All.Single(schema => schema.Name == "catalog");
            await using var role = await TakenRole.TakeAsync(connection, catalog.Migrator, Cancelled);
            await using var context = catalog.OpenContext(connection);
            await context.Database.MigrateAsync("20261127200537_AuditChain", Cancelled);
            await using var insert = new NpgsqlCommand(
                """
                insert into catalog.products (id, seller_id, name, description, category_id, price, currency, stock, stock_version, published, created_at, updated_at)
                select gen_random_uuid(), 'seller-' || number % 3, 'from before', 'x', 'toys', 1, 'EUR', number * 7, number, number % 2 = 0, now(), now() from generate_series(0, 20) number
                """,
                connection);
            Assert.Equal(21, await insert.ExecuteNonQueryAsync(Cancelled));
        }

        await Setup.RunAsync(admin);
        const string Before = "catalog.stock join catalog.products as product on id = product_id and product.seller_id = stock.seller_id where name = 'from before'";
        Assert.Equal(21L, await Setup.ReadAsync<long>(admin, $"select count(*) from {Before}"));
        Assert.True(await Setup.ReadAsync<bool>(
            admin, $"select bool_and(quantity = stock.version * 7) and array_agg(stock.version order by stock.version) = array(select generate_series(0, 20)) from {Before}"));
        Assert.Equal(0L, await Setup.ReadAsync<long>(admin, "select count(*) from catalog.products where not exists (select from catalog.stock where product_id = id)"));
    }

    [Theory]
    [InlineData("insert into catalog.stock values ('{0}', 'another-seller', 1, now())", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData("insert into catalog.stock values (gen_random_uuid(), '{1}', 1, now())", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData("update catalog.stock set quantity = -1 where product_id = '{0}'", PostgresErrorCodes.CheckViolation)]
    [InlineData("update catalog.stock set quantity = 1000001 where product_id = '{0}'", PostgresErrorCodes.CheckViolation)]
    [InlineData("update catalog.stock set seller_id = 'another-seller' where product_id = '{0}'", PostgresErrorCodes.ForeignKeyViolation)]
    public async Task There_is_no_stock_of_nothing_none_below_nothing_and_none_of_another_seller(string statement, string error)
    {
        // A product without stock, so that only the row itself is wrong.
        var admin = Setup.Unpooled(await ready.Server.CreateDatabaseAsync());
        await Setup.RunAsync(admin);
        var id = await Setup.ReadAsync<Guid>(admin, "select id from catalog.products limit 1");
        var seller = await Setup.ReadAsync<string>(admin, "select seller_id from catalog.products limit 1");
        if (statement.StartsWith("insert", StringComparison.Ordinal))
            Assert.Null(await Setup.ErrorAsync(admin, $"delete from catalog.stock where product_id = '{id}'"));
        Assert.Equal(error, await Setup.ErrorAsync(admin, statement.Replace("{0}", $"{id}", StringComparison.Ordinal).Replace("{1}", seller, StringComparison.Ordinal)));
    }
}
