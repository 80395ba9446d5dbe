using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Sales;

/// <summary>Reads what a seller has sold: the seller is in the query, and there is none without.</summary>
internal sealed class SalesQueries(CatalogDbContext database)
{
    /// <summary>One page of the lines of <paramref name="seller"/> that are paid for, newest first.</summary>
    public async Task<Page<SaleResponse>> ListAsync(string seller, SalesFilter filter, CancellationToken cancellationToken)
    {
        var lines = database.ReservationLines.AsNoTracking().Where(line => line.SellerId == seller && line.SoldAt != null);
        if (filter.After is { } after)
        {
            lines = lines.Where(line => EF.Functions.LessThan(
                ValueTuple.Create(line.SoldAt!.Value, line.OrderId, line.Position), ValueTuple.Create(after.SoldAt, after.OrderId, after.Position)));
        }

        var rows = await lines
            .OrderByDescending(line => line.SoldAt).ThenByDescending(line => line.OrderId).ThenByDescending(line => line.Position)
            .Take(filter.Limit + 1)
            .Select(line => new
            {
                line.Position,
                Sale = new SaleResponse(line.OrderId, line.ProductId, line.Name, line.Quantity, line.UnitPrice, line.Currency, line.SoldAt!.Value),
            })
            .ToListAsync(cancellationToken);
        return Page.Of(rows, filter.Limit, last => SalesCursor.Write(last.Sale.SoldAt, last.Sale.OrderId, last.Position)).Select(row => row.Sale);
    }
}
