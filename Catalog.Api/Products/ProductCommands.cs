using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.GuestCache;
using SecureShop.ServiceDefaults.Data;
using SecureShop.ServiceDefaults.Text;

namespace SecureShop.Catalog.Products;

/// <summary>
/// Changes products: each in one statement that also decides whether the product is still the one that was read. Of two racing changes
/// one wins, the other learns it, and neither is in the way of sales. What this replica keeps is gone before it answers.
/// </summary>
internal sealed class ProductCommands(CatalogDbContext database, ProductChanges changes, TimeProvider clock)
{
    public async Task<Product> AddAsync(ProductRequest request, string[] images, string sellerId, CancellationToken cancellationToken)
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
            Published = request.Published,
            CreatedAt = now,
            UpdatedAt = now,
        };
        database.Products.Add(product);
        database.Stock.Add(new() { ProductId = product.Id, SellerId = sellerId, Quantity = request.Stock, UpdatedAt = now });
        await database.SaveChangesAsync(cancellationToken);
        changes.Changed(product.Id);
        return product;
    }

    public async Task<bool> TryReplaceAsync(Product read, ReplaceProductRequest request, string[] images, CancellationToken cancellationToken)
        => Done(read, await Unchanged(read).ExecuteUpdateAsync(
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
                .SetProperty(product => product.Published, request.Published)
                .SetProperty(product => product.UpdatedAt, clock.GetStoredNow())
                .SetProperty(product => product.Version, product => product.Version + 1),
            cancellationToken));

    /// <summary>Its stock goes with it.</summary>
    public async Task<bool> TryDeleteAsync(Product read, CancellationToken cancellationToken)
        => Done(read, await Unchanged(read).ExecuteDeleteAsync(cancellationToken));

    private bool Done(Product read, int rows)
    {
        changes.Changed(read.Id);
        return rows == 1;
    }

    private IQueryable<Product> Unchanged(Product read) => database.Products.Where(product => product.Id == read.Id && product.Version == read.Version);
}
