using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using SecureShop.Catalog.Data;

namespace SecureShop.Catalog.Categories;

/// <summary>
/// The shelves with their counts, at most half a minute old: kept a moment in memory and longer in Redis, for all replicas.
/// Callers who come while they are counted share one query.
/// </summary>
internal sealed class CategoryCounts(HybridCache cache, IServiceScopeFactory scopes)
{
    public const string Key = "categories:v2";

    private static readonly HybridCacheEntryOptions Lifetimes = new()
    {
        Expiration = TimeSpan.FromSeconds(25),
        LocalCacheExpiration = TimeSpan.FromSeconds(5),
    };

    public ValueTask<CategoryResponse[]> ReadAsync(CancellationToken cancellationToken)
        => cache.GetOrCreateAsync(Key, scopes, CountAsync, Lifetimes, cancellationToken: cancellationToken);

    /// <summary>In a scope of its own: the caller who began it may be gone, and their context with them, while others wait.</summary>
    private static async ValueTask<CategoryResponse[]> CountAsync(IServiceScopeFactory scopes, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<CatalogDbContext>();
        return await database.Categories.AsNoTracking()
            .OrderBy(category => category.Name)
            .Select(category => new CategoryResponse(
                category.Id,
                category.Name,
                database.Products.Count(product => product.CategoryId == category.Id && product.Published)))
            .ToArrayAsync(cancellationToken);
    }
}
