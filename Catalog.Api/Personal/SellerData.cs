using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.Catalog.Products;
using SecureShop.Catalog.Sales;
using SecureShop.ServiceDefaults.Data;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Catalog.Personal;

/// <summary>A seller's part of the copy of their data.</summary>
internal sealed record ExportedSeller(IReadOnlyList<OwnProductResponse> Products, IReadOnlyList<SaleResponse> Sales);

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
        var sales = await database.ReservationLines.AsNoTracking().Where(line => line.SellerId == subject && line.SoldAt != null)
            .OrderBy(line => line.SoldAt).ThenBy(line => line.OrderId).ThenBy(line => line.Position).Take(MaxRows + 1)
            .Select(line => new SaleResponse(line.OrderId, line.ProductId, line.Name, line.Quantity, line.UnitPrice, line.Currency, line.SoldAt!.Value))
            .ToListAsync(cancellationToken);
        return products.Count > MaxRows || sales.Count > MaxRows ? null : new ExportedSeller(products, sales);
    }

    public async Task<bool> EraseAsync(string subject, CancellationToken cancellationToken)
    {
        // What is reserved already is its customer's, and comes back to a product that nobody can buy.
        await database.Products.Where(product => product.SellerId == subject && (product.Published || product.Stock > 0)).ExecuteUpdateAsync(
            set => set
                .SetProperty(product => product.Published, false)
                .SetProperty(product => product.Stock, 0)
                .SetProperty(product => product.UpdatedAt, clock.GetStoredNow())
                .SetProperty(product => product.Version, product => product.Version + 1)
                .SetProperty(product => product.StockVersion, product => product.StockVersion + 1),
            cancellationToken);
        return true;
    }
}
