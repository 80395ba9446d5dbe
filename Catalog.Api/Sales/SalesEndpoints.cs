using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Input;
using SecureShop.ServiceDefaults.Paging;

namespace SecureShop.Catalog.Sales;

/// <summary>What the caller has sold.</summary>
internal static class SalesEndpoints
{
    public static void MapSales(this IEndpointRouteBuilder app)
        => app.MapGet("/sales", ListSalesAsync).RequireAccess(AccessTable.ListSales)
            .WithTags("Sales").WithSummary("Lists what the caller has sold, newest first: the lines that are paid for.");

    internal static async Task<Results<Ok<Page<SaleResponse>>, ValidationProblem>> ListSalesAsync(
        [AsParameters] PageQuery query, HttpContext http, SalesQueries sales, CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var filter = SalesFilter.Read(query, reader);
        if (!reader.IsValid)
            return reader.Problem();
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(await sales.ListAsync(http.User.Subject(), filter, cancellationToken));
    }
}
