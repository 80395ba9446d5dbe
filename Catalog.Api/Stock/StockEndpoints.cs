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
            .WithSummary("Reads how many there are, of a product with variants of the one that is named; 304 when If-None-Match names that.").Produces(StatusCodes.Status304NotModified);

        stock.MapPut("", SetStockAsync).RequireAccess(AccessTable.SetStock)
            .WithSummary("Sets the stock after a count, of a product with variants that of the one that is named; If-Match must name the version of the stock that was read.")
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
    }

    internal static async Task<Results<Ok<StockResponse>, Ok<OwnStockResponse>, StatusCodeHttpResult, NotFound>> GetStockAsync(
        Guid id, Guid? variant, [AsParameters] StockServices services, CancellationToken cancellationToken)
    {
        var (http, levels, products) = services;
        if (await levels.FindVisibleAsync(id, variant, http.User, cancellationToken) is not var (stock, own))
            return await NotFoundAsync(services, id, await products.FindVisibleAsync(id, http.User, cancellationToken) is not null, cancellationToken);
        if (Shown.IsCached(http, own ? StockTag.Own(stock.Version) : StockTag.Public(stock.Quantity), own))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return own ? TypedResults.Ok(OwnStockResponse.Of(stock)) : TypedResults.Ok(StockResponse.Of(stock));
    }

    internal static async Task<Results<Ok<OwnStockResponse>, NotFound, ProblemHttpResult>> SetStockAsync(
        Guid id, Guid? variant, StockRequest request, [AsParameters] StockServices services, CancellationToken cancellationToken)
    {
        var (http, levels, products) = services;
        if (await levels.FindToChangeAsync(id, variant, http.User, cancellationToken) is not { } stock)
            return await NotFoundAsync(services, id, await products.FindToChangeAsync(id, http.User, cancellationToken) is not null, cancellationToken);
        if (Preconditions.Check(http.Request, tag => StockTag.Names(tag, stock), required: true) is { } unmet)
            return unmet;
        if (await levels.TrySetAsync(stock, request.Quantity, cancellationToken) is not { } counted)
            return Preconditions.Failed();
        http.Response.GetTypedHeaders().ETag = StockTag.Own(counted.Version);
        return TypedResults.Ok(OwnStockResponse.Of(counted));
    }

    /// <summary>Of a product that is the caller's to ask about, it is a variant that there is not: nobody has named what is another's.</summary>
    private static async Task<NotFound> NotFoundAsync(StockServices services, Guid id, bool asksRightly, CancellationToken cancellationToken)
        => asksRightly ? TypedResults.NotFound() : await ProductsEndpoints.NotFoundAsync(services.Http, services.Products, id, cancellationToken);
}

/// <summary>What a handler of the stock needs besides the request's own parameters.</summary>
internal sealed record StockServices(HttpContext Http, StockLevels Levels, ProductQueries Products);
