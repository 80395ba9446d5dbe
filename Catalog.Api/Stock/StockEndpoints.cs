using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.Catalog.Products;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;

namespace SecureShop.Catalog.Stock;

/// <summary>How many there are of a product: the routes with their access rules, then the handlers.</summary>
internal static class StockEndpoints
{
    public static void MapStock(this IEndpointRouteBuilder app)
    {
        var stock = app.MapGroup("/products/{id:guid}/stock").WithTags("Products");

        stock.MapGet("", GetStockAsync).RequireAccess(AccessTable.GetStock)
            .WithSummary("Reads how many there are; 304 when If-None-Match names that.");

        stock.MapPut("", SetStockAsync).RequireAccess(AccessTable.SetStock)
            .WithSummary("Sets the stock after a count; If-Match must name the version of the stock that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
    }

    internal static async Task<Results<Ok<StockResponse>, Ok<OwnStockResponse>, StatusCodeHttpResult, NotFound>> GetStockAsync(
        Guid id, HttpContext http, StockLevels levels, ProductQueries products, CancellationToken cancellationToken)
    {
        if (await levels.FindVisibleAsync(id, http.User, cancellationToken) is not var (stock, own))
            return await ProductsEndpoints.NotFoundAsync(http, products, id, cancellationToken);
        if (Shown.IsCached(http, own ? StockTag.Own(stock.Version) : StockTag.Public(stock.Quantity), own))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return own ? TypedResults.Ok(Own(stock)) : TypedResults.Ok(new StockResponse(stock.ProductId, stock.Quantity));
    }

    internal static async Task<Results<Ok<OwnStockResponse>, NotFound, ProblemHttpResult>> SetStockAsync(
        Guid id, StockRequest request, HttpContext http, StockLevels levels, ProductQueries products, CancellationToken cancellationToken)
    {
        if (await levels.FindToChangeAsync(id, http.User, cancellationToken) is not { } stock)
            return await ProductsEndpoints.NotFoundAsync(http, products, id, cancellationToken);
        if (Preconditions.Check(http.Request, tag => StockTag.Names(tag, stock), required: true) is { } unmet)
            return unmet;
        if (await levels.TrySetAsync(stock, request.Quantity, cancellationToken) is not { } counted)
            return Preconditions.Failed();
        http.Response.GetTypedHeaders().ETag = StockTag.Own(counted.Version);
        return TypedResults.Ok(Own(counted));
    }

    private static OwnStockResponse Own(StockLevel stock) => new(stock.ProductId, stock.Quantity, stock.UpdatedAt);
}
