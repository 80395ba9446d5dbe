using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Contracts;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults;

namespace SecureShop.Catalog.Products;

/// <summary>
/// Changes products: each in one statement that also decides whether the part it changes is still the one that was read. Of two
/// racing changes one wins, the other learns it, and neither is in the way of sales.
/// </summary>
internal static class ProductChanges
{
    /// <summary>Replaces the description, and the stock where the request has one.</summary>
    public static async Task<bool> TryReplaceAsync(
        CatalogDbContext database, Product read, ReplaceProductRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unchanged = Row(database, read).Where(product => product.Version == read.Version);
        if (request.Stock is not null)
            unchanged = unchanged.Where(product => product.StockVersion == read.StockVersion);

        return await unchanged.ExecuteUpdateAsync(
            set =>
            {
                set.SetProperty(product => product.Name, NormalizedText.Shown(request.Name))
                    .SetProperty(product => product.Description, NormalizedText.Shown(request.Description))
                    .SetProperty(product => product.CategoryId, request.Category)
                    .SetProperty(product => product.Price, request.Price)
                    .SetProperty(product => product.Currency, request.Currency)
                    .SetProperty(product => product.Cost, request.Cost)
                    .SetProperty(product => product.Supplier, request.Supplier is null ? null : NormalizedText.Shown(request.Supplier))
                    .SetProperty(product => product.Published, request.Published)
                    .SetProperty(product => product.UpdatedAt, now)
                    .SetProperty(product => product.Version, product => product.Version + 1);
                if (request.Stock is { } stock)
                    set.SetProperty(product => product.Stock, stock).SetProperty(product => product.StockVersion, product => product.StockVersion + 1);
            },
            cancellationToken) == 1;
    }

    /// <summary>Sets the stock after a count.</summary>
    public static async Task<bool> TryCountAsync(CatalogDbContext database, Product read, int quantity, DateTimeOffset now, CancellationToken cancellationToken)
        => await Row(database, read).Where(product => product.StockVersion == read.StockVersion).ExecuteUpdateAsync(
            set => set
                .SetProperty(product => product.Stock, quantity)
                .SetProperty(product => product.UpdatedAt, now)
                .SetProperty(product => product.StockVersion, product => product.StockVersion + 1),
            cancellationToken) == 1;

    public static async Task<bool> TryDeleteAsync(CatalogDbContext database, Product read, CancellationToken cancellationToken)
        => await Row(database, read).Where(product => product.Version == read.Version).ExecuteDeleteAsync(cancellationToken) == 1;

    private static IQueryable<Product> Row(CatalogDbContext database, Product read) => database.Products.Where(product => product.Id == read.Id);
}
