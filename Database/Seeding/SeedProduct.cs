namespace SecureShop.Database.Seeding;

/// <summary>An invented product, before it has an id.</summary>
internal sealed record SeedProduct(
    string SellerId,
    string Name,
    string Description,
    string Category,
    decimal Price,
    decimal Cost,
    string Supplier,
    int Stock,
    bool Published);
