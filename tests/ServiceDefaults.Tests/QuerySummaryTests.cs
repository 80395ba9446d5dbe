using SecureShop.ServiceDefaults.Telemetry;

namespace SecureShop.ServiceDefaults.Tests;

public sealed class QuerySummaryTests
{
    [Theory]
    [InlineData("SELECT p.id, p.name\nFROM catalog.products AS p\nWHERE p.id = @id", "SELECT catalog.products")]
    [InlineData("select 1", "SELECT")]
    [InlineData("SELECT EXISTS (\n    SELECT 1\n    FROM orders.orders AS o)", "SELECT orders.orders")]
    [InlineData("INSERT INTO orders.orders (id) VALUES (@p0)", "INSERT orders.orders")]
    [InlineData("UPDATE catalog.products AS p SET stock = @x", "UPDATE catalog.products")]
    [InlineData("DELETE FROM identity.grants WHERE key = @p0", "DELETE identity.grants")]
    [InlineData("BEGIN", "BEGIN")]
    [InlineData("RELEASE SAVEPOINT \"x\"", "RELEASE")]
    [InlineData("SELECT o1.id\nFROM (\n    SELECT o.id\n    FROM orders.orders AS o\n) AS o1", "SELECT orders.orders")]
    [InlineData("select set_config('shop.subject', @shop_subject, true);\nUPDATE catalog.products AS p SET stock = @x", "UPDATE catalog.products")]
    [InlineData("select set_config('shop.subject', @shop_subject, true)", "SELECT")]
    [InlineData("", null)]
    [InlineData("SELECT", "SELECT")]
    [InlineData("(SELECT 1)", null)]
    [InlineData("SELECT x FROM (", "SELECT")]
    public void A_query_is_named_after_what_it_does_to_which_table(string query, string? summary) => Assert.Equal(summary, QuerySummary.Of(query));
}
