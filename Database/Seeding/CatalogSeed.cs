using Npgsql;
using SecureShop.ServiceDefaults.Data;

namespace SecureShop.Database.Seeding;

/// <summary>Fills an empty shop once, in one statement.</summary>
internal static class CatalogSeed
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(200);

    /// <summary>How many products were added: none when the shop was seeded before, even if its sellers deleted all since.</summary>
    public static async Task<int> RunAsync(NpgsqlConnection admin, string migrator, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var role = await TakenRole.TakeAsync(admin, migrator, cancellationToken);
        await using var transaction = await admin.BeginTransactionAsync(cancellationToken);
        if (!await SeedMark.SetAsync(admin, "catalog", "products", cancellationToken))
            return 0;

        var count = await InsertAsync(admin, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private static async Task<int> InsertAsync(NpgsqlConnection admin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var products = Shuffled(ProductGenerator.Products());
        var at = clock.GetStoredNow() - (Between * products.Count);

        // The id holds the time, so the newest list shows the shop as if it had grown over some weeks.
        var times = products.Select((_, place) => at + (Between * (place + 1))).ToArray();

        // In one statement: what Postgres calls COPY does not go with row-level security.
        await using var insert = new NpgsqlCommand(
            """
            with seeds as (
                select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                    as seeds (id, seller_id, name, description, category_id, price, cost, supplier, stock, published, at)
            ), added as (
                insert into catalog.products (id, seller_id, name, description, category_id, price, currency, cost, supplier, published, created_at, updated_at)
                select id, seller_id, name, description, category_id, price, 'EUR', cost, supplier, published, at, at from seeds
            )
            insert into catalog.stock (product_id, seller_id, quantity, updated_at) select id, seller_id, stock, at from seeds
            """,
            admin);
        Add(times.Select(time => Guid.CreateVersion7(time)));
        Add(products.Select(product => product.SellerId));
        Add(products.Select(product => product.Name));
        Add(products.Select(product => product.Description));
        Add(products.Select(product => product.Category));
        Add(products.Select(product => product.Price));
        Add(products.Select(product => product.Cost));
        Add(products.Select(product => product.Supplier));
        Add(products.Select(product => product.Stock));
        Add(products.Select(product => product.Published));
        Add(times);
        return await insert.ExecuteNonQueryAsync(cancellationToken);

        void Add<T>(IEnumerable<T> column) => insert.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. column] });
    }

    /// <summary>Mixes the shelves, so that the newest page is not all of one kind.</summary>
    private static List<SeedProduct> Shuffled(IEnumerable<SeedProduct> products)
    {
        var mixed = products.ToList();
        var dice = new Dice(7);
        for (var last = mixed.Count - 1; last > 0; last--)
        {
            var other = dice.Below(last + 1);
            (mixed[last], mixed[other]) = (mixed[other], mixed[last]);
        }

        return mixed;
    }
}
