using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SecureShop.Catalog.Contracts;
using SecureShop.Catalog.Data;
using SecureShop.ServiceDefaults;

namespace SecureShop.Catalog.Categories;

/// <summary>The shelves of the shop.</summary>
internal static class CategoriesEndpoints
{
    public static void MapCategories(this IEndpointRouteBuilder app)
        => app.MapGet("/categories", List).RequireAccess(AccessRule.ForScope(Scope.CatalogRead).OrGuests())
            .WithTags("Categories").WithName("ListCategories").WithSummary("Lists the categories with the number of published products.");

    private static async Task<Ok<IReadOnlyList<CategoryResponse>>> List(
        CatalogDbContext database, CategoryCache cache, CancellationToken cancellationToken)
    {
        if (await cache.ReadAsync(cancellationToken) is { } cached)
            return TypedResults.Ok(cached);

        IReadOnlyList<CategoryResponse> counted = await database.Categories.AsNoTracking()
            .OrderBy(category => category.Name)
            .Select(category => new CategoryResponse(
                category.Id,
                category.Name,
                database.Products.Count(product => product.CategoryId == category.Id && product.Published)))
            .ToListAsync(cancellationToken);
        await cache.WriteAsync(counted, cancellationToken);
        return TypedResults.Ok(counted);
    }
}
