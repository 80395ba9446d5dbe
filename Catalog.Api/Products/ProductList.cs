using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using SecureShop.Catalog.Contracts;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults;

namespace SecureShop.Catalog.Products;

/// <summary>Reads one page of products. Every value is a parameter; the search never becomes syntax of SQL (P22).</summary>
internal static class ProductList
{
    /// <summary>What everyone sees.</summary>
    public static async Task<Page<ProductResponse>> PublishedAsync(
        CatalogDbContext database, ProductFilter filter, CancellationToken cancellationToken)
    {
        var rows = await Rows(database.Products.Where(product => product.Published), filter)
            .Select(ProductResponse.Projection)
            .ToListAsync(cancellationToken);
        return Page(rows, filter, last => ProductCursor.Write(filter.Sort, last.Name, last.Price, last.Id));
    }

    /// <summary>What <paramref name="owner"/> offers, drafts and private fields included.</summary>
    public static async Task<Page<OwnProductResponse>> OwnAsync(
        CatalogDbContext database, ProductFilter filter, string owner, CancellationToken cancellationToken)
    {
        var rows = await Rows(database.Products.Where(product => product.SellerId == owner), filter)
            .Select(OwnProductResponse.Projection)
            .ToListAsync(cancellationToken);
        return Page(rows, filter, last => ProductCursor.Write(filter.Sort, last.Name, last.Price, last.Id));
    }

    private static IQueryable<Product> Rows(IQueryable<Product> products, ProductFilter filter)
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
        if (filter.MinPrice is { } least)
            products = products.Where(product => product.Price >= least);
        if (filter.MaxPrice is { } most)
            products = products.Where(product => product.Price <= most);
        if (filter.InStock)
            products = products.Where(product => product.Stock > 0);
        if (filter.After is { } after)
            products = filter.Sort.GoOn(products, after);

        // One more than asked for tells whether there is a next page.
        return filter.Sort.Order(products.AsNoTracking()).Take(filter.Limit + 1);
    }

    private static Page<T> Page<T>(List<T> rows, ProductFilter filter, Func<T, string> cursor)
        => rows.Count <= filter.Limit
            ? new(rows, null)
            : new(rows[..filter.Limit], cursor(rows[filter.Limit - 1]));
}
