using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace SecureShop.Catalog.Products;

/// <summary>
/// The list's query parameters as they arrive. Text, so that <see cref="ProductFilter"/> can name the one that is wrong
/// instead of the framework refusing the request without saying why.
/// </summary>
internal sealed record ProductListQuery(
    [property: FromQuery(Name = "q"), Description("Words to search for in name and description; \"a phrase\", or, -not.")] string? Q,
    [property: FromQuery(Name = "category"), Description("A category's id.")] string? Category,
    [property: FromQuery(Name = "seller"), Description("A seller's id.")] string? Seller,
    [property: FromQuery(Name = "minPrice"), Description("The lowest price.")] string? MinPrice,
    [property: FromQuery(Name = "maxPrice"), Description("The highest price.")] string? MaxPrice,
    [property: FromQuery(Name = "inStock"), Description("true leaves out what is sold out.")] string? InStock,
    [property: FromQuery(Name = "mine"), Description("true lists the caller's own products, drafts and private fields included.")] string? Mine,
    [property: FromQuery(Name = "sort"), Description("newest (as without), price, price-desc or name.")] string? Sort,
    [property: FromQuery(Name = "limit"), Description("1 to 100 products a page; 20 without.")] string? Limit,
    [property: FromQuery(Name = "after"), Description("Goes on after a page: its `next`, with the same filter and sort.")] string? After);
