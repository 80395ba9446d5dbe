using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Products;

/// <summary>Reads products. Every value is a parameter; the search never becomes syntax of SQL (P22).</summary>
internal sealed class ProductQueries(CatalogDbContext database, IAuthorizationService authorization)
{
    /// <summary>One page of what everyone sees.</summary>
    public async Task<Page<ProductResponse>> ListPublishedAsync(ProductFilter filter, CancellationToken cancellationToken)
    {
        var rows = await Select(database.Products.Where(product => product.Published), filter)
            .Select(ProductResponse.Projection)
            .ToListAsync(cancellationToken);
        return Page.Of(rows, filter.Limit, last => ProductCursor.Write(filter.Sort, last.Name, last.Price, last.Id));
    }

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
        var (subject, admin) = (user.SubjectOrNull(), user.HasRole(Role.Admin));
        var product = await database.Products.AsNoTracking().SingleOrDefaultAsync(
            product => product.Id == id && (product.Published || admin || product.SellerId == subject), cancellationToken);
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
        var (subject, admin) = (user.Subject(), user.HasRole(Role.Admin));
        var product = await database.Products.AsNoTracking().SingleOrDefaultAsync(
            product => product.Id == id && (admin || product.SellerId == subject), cancellationToken);
        return product is not null && await IsOwnAsync(product, user, AccessTable.ReplaceProduct.Ownership) ? product : null;
    }

    /// <summary>The product as it is, for a caller who has just changed it; null where it has been deleted meanwhile.</summary>
    public Task<Product?> FindChangedAsync(Guid id, CancellationToken cancellationToken)
        => database.Products.AsNoTracking().SingleOrDefaultAsync(product => product.Id == id, cancellationToken);

    public Task<bool> ExistsAsync(Guid id, CancellationToken cancellationToken)
        => database.Products.AnyAsync(product => product.Id == id, cancellationToken);

    public Task<bool> CategoryExistsAsync(string id, CancellationToken cancellationToken)
        => database.Categories.AnyAsync(category => category.Id == id, cancellationToken);

    private async Task<bool> IsOwnAsync(Product product, ClaimsPrincipal user, Ownership rule)
        => (await authorization.AuthorizeAsync(user, product, rule)).Succeeded;

    private static IQueryable<Product> Select(IQueryable<Product> products, ProductFilter filter)
    {
        if (filter.Search is { } words)
        {
            // Unlike to_tsquery, this form takes any text without an error.
            products = products.Where(product => EF.Property<NpgsqlTsVector>(product, ProductMapping.Search)
                .Matches(EF.Functions.WebSearchToTsQuery(ProductMapping.Dictionary, words)));
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
            products = products.Where(product => product.Stock > 0);
        if (filter.After is { } after)
            products = filter.Sort.Seek(products, after);

        return filter.Sort.Order(products.AsNoTracking()).Take(filter.Limit + 1);
    }
}
