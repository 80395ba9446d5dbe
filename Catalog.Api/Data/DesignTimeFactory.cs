using SecureShop.Storage.Data;

namespace SecureShop.Catalog.Data;

internal sealed class DesignTimeFactory() : DesignTimeFactory<CatalogDbContext>(options => new(options));
