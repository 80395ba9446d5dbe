using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SecureShop.Catalog.Products;

/// <summary>What an order of the list goes by before the id.</summary>
internal enum SortKey
{
    /// <summary>Nothing: the id is a UUIDv7, which begins with the time.</summary>
    None,

    Price,

    Name,

    /// <summary>How well the words fit.</summary>
    Rank,
}

/// <summary>
/// An order of the list, with the seek to the rows after a cursor: as SQL for what everyone sees (<see cref="PublishedList"/>), and for EF Core
/// where the caller's own are listed. Each ends with the id, so that the order is total and a page neither repeats nor skips a row
/// while others are added.
/// </summary>
internal sealed record ProductSort(
    string Name,
    SortKey Key,
    string OrderBy,
    string Beyond,
    Func<IQueryable<Product>, IQueryable<Product>> Order,
    Func<IQueryable<Product>, ProductCursor, IQueryable<Product>> Seek)
{
    public static readonly ProductSort Newest = new(
        "newest",
        SortKey.None,
        "id desc",
        "(id) <",
        products => products.OrderByDescending(product => product.Id),
        (products, after) => products.Where(product => product.Id < after.Id));

    private static readonly ProductSort Price = new(
        "price",
        SortKey.Price,
        "price, id",
        "(price, id) >",
        products => products.OrderBy(product => product.Price).ThenBy(product => product.Id),
        (products, after) => products.Where(product =>
            EF.Functions.GreaterThan(ValueTuple.Create(product.Price, product.Id), ValueTuple.Create(after.Price, after.Id))));

    private static readonly ProductSort PriceDescending = new(
        "price-desc",
        SortKey.Price,
        "price desc, id desc",
        "(price, id) <",
        products => products.OrderByDescending(product => product.Price).ThenByDescending(product => product.Id),
        (products, after) => products.Where(product =>
            EF.Functions.LessThan(ValueTuple.Create(product.Price, product.Id), ValueTuple.Create(after.Price, after.Id))));

    private static readonly ProductSort ByName = new(
        "name",
        SortKey.Name,
        "name, id",
        "(name, id) >",
        products => products.OrderBy(product => product.Name).ThenBy(product => product.Id),
        (products, after) => products.Where(product =>
            EF.Functions.GreaterThan(ValueTuple.Create(product.Name, product.Id), ValueTuple.Create(after.Key, after.Id))));

    /// <summary>Of what everyone sees, and with words: nothing else has a rank (<see cref="ProductFilter"/>).</summary>
    public static readonly ProductSort Relevance = new(
        "relevance",
        SortKey.Rank,
        "rank desc, id desc",
        "(rank, id) <",
        Newest.Order,
        Newest.Seek);

    private static readonly ProductSort[] All = [Newest, Price, PriceDescending, ByName, Relevance];

    public static ProductSort? Find(string name) => Array.Find(All, sort => sort.Name == name);

    /// <summary>A row's key, as its cursor has it.</summary>
    public string CursorKey(string name, decimal price, float rank) => Key switch
    {
        SortKey.Rank => rank.ToString("R", CultureInfo.InvariantCulture),
        SortKey.Price => price.ToString(CultureInfo.InvariantCulture),
        SortKey.Name => name,
        _ => "",
    };
}
