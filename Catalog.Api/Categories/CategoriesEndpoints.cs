using Microsoft.AspNetCore.Http.HttpResults;
using SecureShop.Catalog.Contracts;
using SecureShop.ServiceDefaults;

namespace SecureShop.Catalog.Categories;

/// <summary>The shelves of the shop.</summary>
internal static class CategoriesEndpoints
{
    public static void MapCategories(this IEndpointRouteBuilder app)
        => app.MapGet("/categories", List).RequireAccess(AccessRule.ForScope(Scope.CatalogRead).OrGuests())
            .WithTags("Categories").WithName("ListCategories").WithSummary("Lists the categories with the number of published products.");

    private static async Task<Ok<CategoryResponse[]>> List(CategoryCounts counts, CancellationToken cancellationToken)
        => TypedResults.Ok(await counts.ReadAsync(cancellationToken));
}
