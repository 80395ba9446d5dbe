using SecureShop.Storage.Data;

namespace SecureShop.Orders.Data;

internal sealed class DesignTimeFactory() : DesignTimeFactory<OrdersDbContext>(options => new(options));
