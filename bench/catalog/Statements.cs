namespace SecureShop.Bench.Catalog;

/// <summary>What the catalog asks of Postgres, for pgbench.</summary>
internal static class Statements
{
    private const string Columns = "id, seller_id, name, description, category_id, price, currency, language, images, variants";

    public const string One = $"select {Columns}, version from catalog.products where id = :product and published;";

    public const string Newest = $"select {Columns} from catalog.products where published order by id desc limit 21;";

    public const string Shelf = $"select {Columns} from catalog.products where published and category_id = 'office' order by price, id limit 21;";
}
