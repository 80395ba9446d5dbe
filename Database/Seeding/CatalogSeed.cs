using Npgsql;
using NpgsqlTypes;
using SecureShop.ServiceDefaults.Data;

namespace SecureShop.Database.Seeding;

/// <summary>Fills an empty shop once, in one COPY.</summary>
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

        var count = await CopyAsync(admin, clock, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    private static async Task<int> CopyAsync(NpgsqlConnection admin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var products = Shuffled(ProductGenerator.Products());
        var at = clock.GetStoredNow() - (Between * products.Count);

        await using var copy = await admin.BeginBinaryImportAsync(
            """
            copy catalog.products (id, seller_id, name, description, category_id, price, currency, cost, supplier, stock, published, created_at, updated_at)
            from stdin (format binary)
            """,
            cancellationToken);
        foreach (var product in products)
        {
            // The id holds the time, so the newest list shows the shop as if it had grown over some weeks.
            at += Between;
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(Guid.CreateVersion7(at), NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(product.SellerId, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Name, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Description, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Category, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Price, NpgsqlDbType.Numeric, cancellationToken);
            await copy.WriteAsync("EUR", NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Cost, NpgsqlDbType.Numeric, cancellationToken);
            await copy.WriteAsync(product.Supplier, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Stock, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(product.Published, NpgsqlDbType.Boolean, cancellationToken);
            await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
        return products.Count;
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
