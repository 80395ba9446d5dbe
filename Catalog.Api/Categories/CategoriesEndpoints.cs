using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.ServiceDefaults.Access;

namespace SecureShop.Catalog.Categories;

/// <summary>The shelves of the shop.</summary>
internal static class CategoriesEndpoints
{
    public static void MapCategories(this IEndpointRouteBuilder app)
        => app.MapGet("/categories", ListCategoriesAsync).RequireAccess(AccessTable.ListCategories)
            .WithTags("Categories").WithSummary("Lists the categories with the number of published products.");

    internal static async Task<Ok<CategoryResponse[]>> ListCategoriesAsync(CategoryCounts counts, CancellationToken cancellationToken)
        => TypedResults.Ok(await counts.ReadAsync(cancellationToken));
}
