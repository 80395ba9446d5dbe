namespace SecureShop.Catalog.Categories;

/// <summary>A shelf of the shop. The list is fixed by migrations, so that sellers cannot invent shelves.</summary>
internal sealed class Category
{
    public const int IdLength = 40;

    public required string Id { get; init; }

    public required string Name { get; init; }
}
