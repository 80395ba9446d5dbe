using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.GuestCache;
using SecureShop.Catalog.Stock;
using SecureShop.Catalog.Variants;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Text;
using SecureShop.Storage.Data;

namespace SecureShop.Catalog.Products;

/// <summary>
/// Changes products: each in one statement that also decides whether the product is still the one that was read. Of two racing changes
/// one wins, the other learns it, and neither is in the way of sales. What this replica keeps is gone before it answers.
/// </summary>
internal sealed class ProductCommands(CatalogDbContext database, ProductChanges changes, TimeProvider clock)
{
    public async Task<Product> AddAsync(ProductRequest request, string[] images, ProductVariant[] variants, string sellerId, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        var product = new Product
        {
            Id = Guid.CreateVersion7(now),
            SellerId = sellerId,
            Name = NormalizedText.Shown(request.Name),
            Description = NormalizedText.Shown(request.Description),
            Language = request.Language,
            CategoryId = request.Category,
            Price = request.Price,
            Currency = request.Currency,
            Cost = request.Cost,
            Supplier = request.Supplier is null ? null : NormalizedText.Shown(request.Supplier),
            Images = images,
            Variants = variants,
            Published = request.Published,
            CreatedAt = now,
            UpdatedAt = now,
        };
        database.Products.Add(product);
        database.Stock.AddRange(ProductVariant.ItemsOf(variants).Select(item => new StockLevel { ProductId = product.Id, VariantId = item, SellerId = sellerId, Quantity = request.Stock, UpdatedAt = now }));
        await database.SaveChangesAsync(cancellationToken);
        changes.Changed(product.Id);
        return product;
    }

    /// <summary>Replaces the description; the stock of variants that are gone goes with them, and that of new ones begins with nothing.</summary>
    public async Task<bool> TryReplaceAsync(
        Product read, ReplaceProductRequest request, string[] images, ProductVariant[] variants, CancellationToken cancellationToken)
    {
        var (before, after) = (ProductVariant.ItemsOf(read.Variants), ProductVariant.ItemsOf(variants));
        var replaced = before.ToHashSet().SetEquals(after)
            ? await ReplaceAsync(read, request, images, variants, cancellationToken)
            : await database.InTransactionAsync(
                async () =>
                {
                    if (!await ReplaceAsync(read, request, images, variants, cancellationToken))
                        return false;
                    await RestockAsync(read, after, cancellationToken);
                    return true;
                },
                cancellationToken);
        changes.Changed(read.Id);
        return replaced;
    }

    /// <summary>Its stock goes with it.</summary>
    public async Task<bool> TryDeleteAsync(Product read, CancellationToken cancellationToken)
    {
        var deleted = await Unchanged(read).ExecuteDeleteAsync(cancellationToken);
        changes.Changed(read.Id);
        return deleted == 1;
    }

    private async Task<bool> ReplaceAsync(
        Product read, ReplaceProductRequest request, string[] images, ProductVariant[] variants, CancellationToken cancellationToken)
        => await Unchanged(read).ExecuteUpdateAsync(
            set => set
                .SetProperty(product => product.Name, NormalizedText.Shown(request.Name))
                .SetProperty(product => product.Description, NormalizedText.Shown(request.Description))
                .SetProperty(product => product.Language, request.Language)
                .SetProperty(product => product.CategoryId, request.Category)
                .SetProperty(product => product.Price, request.Price)
                .SetProperty(product => product.Currency, request.Currency)
                .SetProperty(product => product.Cost, request.Cost)
                .SetProperty(product => product.Supplier, request.Supplier is null ? null : NormalizedText.Shown(request.Supplier))
                .SetProperty(product => product.Images, images)
                .SetProperty(product => product.Variants, variants)
                .SetProperty(product => product.Published, request.Published)
                .SetProperty(product => product.UpdatedAt, clock.GetStoredNow())
                .SetProperty(product => product.Version, product => product.Version + 1),
            cancellationToken) == 1;

    // Of an order that takes of one that goes, one waits for the other: its row is gone, or the order has it. Locked in the order in which orders take.
    private async Task RestockAsync(Product read, Guid[] items, CancellationToken cancellationToken)
    {
        var now = clock.GetStoredNow();
        await database.Database.ExecuteSqlAsync($"select from catalog.stock where product_id = {read.Id} order by variant_id for update", cancellationToken);
        await database.Stock.Where(stock => stock.ProductId == read.Id && !items.Contains(stock.VariantId)).ExecuteDeleteAsync(cancellationToken);
        await database.Database.ExecuteSqlAsync(
            $"""
             insert into catalog.stock (product_id, variant_id, seller_id, quantity, updated_at)
             select {read.Id}, item, {read.SellerId}, 0, {now} from unnest({items}) as item on conflict do nothing
             """,
            cancellationToken);
    }

    private IQueryable<Product> Unchanged(Product read) => database.Products.Where(product => product.Id == read.Id && product.Version == read.Version);
}
