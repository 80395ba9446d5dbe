using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Data;

namespace SecureShop.Catalog.Stock;

/// <summary>Reads and counts stock, one statement each; orders take it in the transactions of their reservations.</summary>
internal sealed class StockLevels(CatalogDbContext database, IAuthorizationService authorization, TimeProvider clock)
{
    private const string One = "select product_id, variant_id, seller_id, quantity from catalog.published_stock where product_id = $1 and variant_id = $2";

    private static readonly Func<CatalogDbContext, Guid, Guid, bool, string, CancellationToken, Task<StockLevel?>> Visible = EF.CompileAsyncQuery(
        (CatalogDbContext database, Guid id, Guid variant, bool admin, string subject, CancellationToken _) => database.Stock.AsNoTracking().SingleOrDefault(
            stock => stock.ProductId == id && stock.VariantId == variant && (admin || stock.SellerId == subject || database.Products.Any(product => product.Id == id && product.Published))));

    private static readonly Func<CatalogDbContext, Guid, Guid, bool, string, CancellationToken, Task<StockLevel?>> ToChange = EF.CompileAsyncQuery(
        (CatalogDbContext database, Guid id, Guid variant, bool admin, string subject, CancellationToken _) => database.Stock.AsNoTracking()
            .SingleOrDefault(stock => stock.ProductId == id && stock.VariantId == variant && (admin || stock.SellerId == subject)));

    /// <summary>That of the product, if <paramref name="user"/> may see it, and whether they see it as its owner. Who has no subject sees what everyone sees.</summary>
    public async Task<(StockLevel Stock, bool Own)?> FindVisibleAsync(Guid id, Guid? variant, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var stock = user.SubjectOrNull() is { } subject
            ? await Visible(database, id, variant ?? Guid.Empty, user.HasRole(Role.Admin), subject, cancellationToken)
            : await database.ReadDirectlyAsync((id, variant ?? Guid.Empty), WriteOne, ReadOneAsync, cancellationToken);
        return stock is null ? null : (stock, await IsOwnAsync(stock, user, AccessTable.GetStock.Ownership));
    }

    /// <summary>That of the product, if <paramref name="user"/> may count it; somebody else's gives the same answer as none (P16).</summary>
    public async Task<StockLevel?> FindToChangeAsync(Guid id, Guid? variant, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var stock = await ToChange(database, id, variant ?? Guid.Empty, user.HasRole(Role.Admin), user.Subject(), cancellationToken);
        return stock is not null && await IsOwnAsync(stock, user, AccessTable.SetStock.Ownership) ? stock : null;
    }

    /// <summary>Sets it after a count; null where it has changed since it was read.</summary>
    public async Task<StockLevel?> TrySetAsync(StockLevel read, int quantity, CancellationToken cancellationToken)
    {
        var counted = new StockLevel
        {
            ProductId = read.ProductId,
            VariantId = read.VariantId,
            SellerId = read.SellerId,
            Quantity = quantity,
            UpdatedAt = clock.GetStoredNow(),
            Version = read.Version + 1,
        };
        var done = await database.Stock.Where(stock => stock.ProductId == read.ProductId && stock.VariantId == read.VariantId && stock.Version == read.Version).ExecuteUpdateAsync(
            set => set
                .SetProperty(stock => stock.Quantity, counted.Quantity)
                .SetProperty(stock => stock.UpdatedAt, counted.UpdatedAt)
                .SetProperty(stock => stock.Version, counted.Version),
            cancellationToken);
        return done == 1 ? counted : null;
    }

    private async Task<bool> IsOwnAsync(StockLevel stock, ClaimsPrincipal user, Ownership rule)
        => (await authorization.AuthorizeAsync(user, stock, rule)).Succeeded;

    private static void WriteOne(NpgsqlCommand command, (Guid Id, Guid Variant) asked)
    {
        command.CommandText = One;
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = asked.Id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = asked.Variant });
    }

    // When it changed, and how often, is not everyone's to know, and not read.
    private static async Task<StockLevel?> ReadOneAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
        => await reader.ReadAsync(cancellationToken)
            ? new() { ProductId = reader.GetGuid(0), VariantId = reader.GetGuid(1), SellerId = reader.GetString(2), Quantity = reader.GetInt32(3), UpdatedAt = default, Version = 0 }
            : null;
}
