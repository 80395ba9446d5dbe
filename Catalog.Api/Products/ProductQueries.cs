using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Paging;
using SecureShop.Storage.Data.Callers;

namespace SecureShop.Catalog.Products;

/// <summary>
/// Reads products for those who may own some; what everyone sees is in <see cref="PublishedProducts"/>. Every value is a parameter; the search
/// never becomes syntax of SQL (P22). What is asked often is compiled once, which spares EF Core most of the work of each query.
/// </summary>
internal sealed class ProductQueries(CatalogDbContext database, IAuthorizationService authorization)
{
    private static readonly Func<CatalogDbContext, Guid, bool, string?, CancellationToken, Task<Product?>> Visible = EF.CompileAsyncQuery(
        (CatalogDbContext database, Guid id, bool admin, string? subject, CancellationToken _) => database.Products.AsNoTracking()
            .SingleOrDefault(product => product.Id == id && (product.Published || admin || product.SellerId == subject)));

    private static readonly Func<CatalogDbContext, Guid, bool, string, CancellationToken, Task<Product?>> ToChange = EF.CompileAsyncQuery(
        (CatalogDbContext database, Guid id, bool admin, string subject, CancellationToken _) => database.Products.AsNoTracking()
            .SingleOrDefault(product => product.Id == id && (admin || product.SellerId == subject)));

    private static readonly Func<CatalogDbContext, Guid, CancellationToken, Task<bool>> Exists = EF.CompileAsyncQuery(
        (CatalogDbContext database, Guid id, CancellationToken _) => database.Products.Any(product => product.Id == id));

    private static readonly Func<CatalogDbContext, string, CancellationToken, Task<bool>> CategoryExists = EF.CompileAsyncQuery(
        (CatalogDbContext database, string id, CancellationToken _) => database.Categories.Any(category => category.Id == id));

    /// <summary>One page of what <paramref name="owner"/> offers, drafts and private fields included.</summary>
    public async Task<Page<OwnProductResponse>> ListOwnAsync(ProductFilter filter, string owner, CancellationToken cancellationToken)
    {
        var rows = await Select(database.Products.Where(product => product.SellerId == owner), filter)
            .Select(OwnProductResponse.Projection)
            .ToListAsync(cancellationToken);
        return Page.Of(rows, filter.Limit, last => ProductCursor.Write(filter.Sort, last.Name, last.Price, last.Id));
    }

    /// <summary>The product, if <paramref name="user"/> may see it, and whether they see it as its owner.</summary>
    public async Task<(Product Product, bool Own)?> FindVisibleAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var product = await Visible(database, id, user.HasRole(Role.Admin), user.SubjectOrNull(), cancellationToken);
        if (product is null)
            return null;
        var own = await IsOwnAsync(product, user, AccessTable.GetProduct.Ownership);
        return own || product.Published ? (product, own) : null;
    }

    /// <summary>
    /// The product, if <paramref name="user"/> may change it. Somebody else's gives the same answer as none, published or not (P16):
    /// ownership is in the query, and once more in the decision, so that forgetting one of them opens nothing.
    /// </summary>
    public async Task<Product?> FindToChangeAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var product = await ToChange(database, id, user.HasRole(Role.Admin), user.Subject(), cancellationToken);
        return product is not null && await IsOwnAsync(product, user, AccessTable.ReplaceProduct.Ownership) ? product : null;
    }

    /// <summary>The product as it is, for a caller who has just changed it; null where it has been deleted meanwhile.</summary>
    public Task<Product?> FindChangedAsync(Guid id, CancellationToken cancellationToken)
        => database.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Id == id, cancellationToken);

    /// <summary>Whether there is such a product, whoever's it is; for events alone.</summary>
    public async Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
    {
        using var acting = DatabaseTask.Watching.Begin();
        return await Exists(database, id, cancellationToken);
    }

    public Task<bool> CategoryExistsAsync(string id, CancellationToken cancellationToken) => CategoryExists(database, id, cancellationToken);

    /// <summary>Whether <paramref name="product"/> is the caller's by <paramref name="rule"/>.</summary>
    public async Task<bool> IsOwnAsync(IOwned product, ClaimsPrincipal user, Ownership rule)
        => (await authorization.AuthorizeAsync(user, product, rule)).Succeeded;

    private IQueryable<Product> Select(IQueryable<Product> products, ProductFilter filter)
    {
        if (filter.Search is { } words)
        {
            // Of the caller's own, which are few: each by the stems of its language.
            products = products.Where(product => EF.Property<NpgsqlTsVector>(product, ProductMapping.Search)
                .Matches(EF.Functions.WebSearchToTsQuery(product.Language, words)));
        }

        if (filter.Category is { } category)
            products = products.Where(product => product.CategoryId == category);
        if (filter.Seller is { } seller)
            products = products.Where(product => product.SellerId == seller);
        if (filter.MinPrice is { } min)
            products = products.Where(product => product.Price >= min);
        if (filter.MaxPrice is { } max)
            products = products.Where(product => product.Price <= max);
        if (filter.InStock)
            products = products.Where(product => database.Stock.Any(stock => stock.ProductId == product.Id && stock.Quantity > 0));
        if (filter.After is { } after)
            products = filter.Sort.Seek(products, after);

        return filter.Sort.Order(products.AsNoTracking()).Take(filter.Limit + 1);
    }
}
