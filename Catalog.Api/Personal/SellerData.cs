using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Sales;
using SecureShop.Catalog.Stock;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Catalog.Personal;

/// <summary>A seller's part of the copy of their data.</summary>
internal sealed record ExportedSeller(IReadOnlyList<OwnProductResponse> Products, IReadOnlyList<OwnStockResponse> Stock, IReadOnlyList<SaleResponse> Sales);

/// <summary>
/// What the catalog holds about people: what they sell. Of a seller who is erased nothing is for sale any more; the products stay, as drafts that nobody
/// sees, because orders and reservations speak of them.
/// </summary>
internal sealed class SellerData(CatalogDbContext database, TimeProvider clock) : IPersonalData
{
    private const int MaxRows = 2_000;

    public async Task<object?> ExportAsync(string subject, CancellationToken cancellationToken)
    {
        var products = await database.Products.AsNoTracking().Where(product => product.SellerId == subject).OrderBy(product => product.Id)
            .Take(MaxRows + 1).Select(OwnProductResponse.Projection).ToListAsync(cancellationToken);
        var stock = await database.Stock.AsNoTracking().Where(level => level.SellerId == subject).OrderBy(level => level.ProductId).ThenBy(level => level.VariantId)
            .Take(MaxRows + 1).ToListAsync(cancellationToken);
        var sales = await database.ReservationLines.AsNoTracking().Where(line => line.SellerId == subject && line.SoldAt != null)
            .OrderBy(line => line.SoldAt).ThenBy(line => line.OrderId).ThenBy(line => line.Position).Take(MaxRows + 1)
            .Select(line => new SaleResponse(line.OrderId, line.ProductId, line.Name, line.Quantity, line.UnitPrice, line.Currency, line.SoldAt!.Value))
            .ToListAsync(cancellationToken);
        return products.Count > MaxRows || stock.Count > MaxRows || sales.Count > MaxRows ? null : new ExportedSeller(products, stock.ConvertAll(OwnStockResponse.Of), sales);
    }

    public async Task<bool> EraseAsync(string subject, CancellationToken cancellationToken)
    {
        // What is reserved already is its customer's, and comes back to a product that nobody can buy.
        var now = clock.GetStoredNow();
        await database.Products.Where(product => product.SellerId == subject && product.Published).ExecuteUpdateAsync(
            set => set.SetProperty(product => product.Published, false).SetProperty(product => product.UpdatedAt, now).SetProperty(product => product.Version, product => product.Version + 1),
            cancellationToken);
        await database.Stock.Where(level => level.SellerId == subject && level.Quantity > 0).ExecuteUpdateAsync(
            set => set.SetProperty(level => level.Quantity, 0).SetProperty(level => level.UpdatedAt, now).SetProperty(level => level.Version, level => level.Version + 1),
            cancellationToken);
        return true;
    }
}
