namespace SecureShop.Identity.Data;

internal sealed class DesignTimeFactory() : DesignTimeFactory<IdentityDbContext>(options => new(options));
