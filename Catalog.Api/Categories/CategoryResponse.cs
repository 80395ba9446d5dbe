namespace SecureShop.Catalog.Categories;

/// <summary>A category, with the number of published products in it.</summary>
internal sealed record CategoryResponse(string Id, string Name, int Products);
