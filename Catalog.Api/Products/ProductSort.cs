using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SecureShop.Catalog.Products;

/// <summary>
/// An order of the list, with the seek to the rows after a cursor. Each ends with the id, so that the order is total and a page
/// neither repeats nor skips a row while others are added.
/// </summary>
internal sealed record ProductSort(
    string Name,
    Func<IQueryable<Product>, IQueryable<Product>> Order,
    Func<IQueryable<Product>, ProductCursor, IQueryable<Product>> Seek,
    Func<string, decimal, string> CursorKey)
{
    /// <summary>The id is a UUIDv7, which begins with the time.</summary>
    public static readonly ProductSort Newest = new(
        "newest",
        products => products.OrderByDescending(product => product.Id),
        (products, after) => products.Where(product => product.Id < after.Id),
        (_, _) => "");

    private static readonly ProductSort Price = new(
        "price",
        products => products.OrderBy(product => product.Price).ThenBy(product => product.Id),
        (products, after) => products.Where(product =>
            EF.Functions.GreaterThan(ValueTuple.Create(product.Price, product.Id), ValueTuple.Create(after.Price, after.Id))),
        (_, price) => price.ToString(CultureInfo.InvariantCulture));

    private static readonly ProductSort PriceDescending = new(
        "price-desc",
        products => products.OrderByDescending(product => product.Price).ThenByDescending(product => product.Id),
        (products, after) => products.Where(product =>
            EF.Functions.LessThan(ValueTuple.Create(product.Price, product.Id), ValueTuple.Create(after.Price, after.Id))),
        (_, price) => price.ToString(CultureInfo.InvariantCulture));

    private static readonly ProductSort ByName = new(
        "name",
        products => products.OrderBy(product => product.Name).ThenBy(product => product.Id),
        (products, after) => products.Where(product =>
            EF.Functions.GreaterThan(ValueTuple.Create(product.Name, product.Id), ValueTuple.Create(after.Key, after.Id))),
        (name, _) => name);

    private static readonly ProductSort[] All = [Newest, Price, PriceDescending, ByName];

    public static ProductSort? Find(string name) => Array.Find(All, sort => sort.Name == name);
}
