using SecureShop.Orders.Orders;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Progress;
using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Orders;

/// <summary>Registers what is particular to this service.</summary>
internal static class OrdersServices
{
    public static void AddOrders(this IHostApplicationBuilder builder)
    {
        // Has to be called in this project: its generator finds the types to validate among this project's handlers.
        builder.Services.AddValidation();

        builder.AddValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
        builder.AddValidatedOptions<ProgressOptions, ProgressOptions.Validator>(ProgressOptions.Section);

        builder.Services.AddScoped<OrderQueries>();
        builder.Services.AddScoped<Deliveries>();
        builder.Services.AddScoped<IdempotencyKeys>();
        builder.Services.AddScoped<PlaceOrderResults>();
        builder.Services.AddScoped<OrderProgress>();
        builder.Services.AddScoped<Cancellation>();
        builder.Services.AddSingleton<Reconciler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Reconciler>());
    }
}
