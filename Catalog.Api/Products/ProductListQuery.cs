using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Products;

/// <summary>
/// The parameters of the list as they arrive. Text, so that <see cref="ProductFilter"/> can name the one that is wrong instead of the
/// framework refusing the request without saying why.
/// </summary>
internal sealed record ProductListQuery : PageQuery
{
    [FromQuery(Name = "q"), Description("Words to search for in name and description; \"a phrase\", or, -not.")]
    public string? Q { get; init; }

    [FromQuery(Name = "category"), Description("A category's id.")]
    public string? Category { get; init; }

    [FromQuery(Name = "seller"), Description("A seller's id.")]
    public string? Seller { get; init; }

    [FromQuery(Name = "minPrice"), Description("The lowest price.")]
    public string? MinPrice { get; init; }

    [FromQuery(Name = "maxPrice"), Description("The highest price.")]
    public string? MaxPrice { get; init; }

    [FromQuery(Name = "inStock"), Description("true leaves out what is sold out.")]
    public string? InStock { get; init; }

    [FromQuery(Name = "mine"), Description("true lists the caller's own products, drafts and private fields included.")]
    public string? Mine { get; init; }

    [FromQuery(Name = "sort"), Description("newest (as without), price, price-desc, name, or relevance: with q, of the newest 500 hits.")]
    public string? Sort { get; init; }
}
