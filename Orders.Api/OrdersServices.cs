using Microsoft.Extensions.Options;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Progress;

namespace SecureShop.Orders;

/// <summary>Registers what is particular to this service.</summary>
internal static class OrdersServices
{
    public static void AddOrders(this IHostApplicationBuilder builder)
    {
        // Has to be called in this project: its generator finds the types to validate among this project's handlers.
        builder.Services.AddValidation();
        builder.Services.AddHttpContextAccessor();

        builder.Services.AddOptions<ShopOptions>().BindConfiguration("Shop")
            .Validate(shop => shop.IsValid(), "Set Shop:Origin to the shop's public https origin, without a path.").ValidateOnStart();
        builder.Services.AddOptions<ProgressOptions>().BindConfiguration("Progress").ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ProgressOptions>, ProgressOptionsValidator>();

        builder.Services.AddScoped<IdempotencyKeys>();
        builder.Services.AddScoped<PlacingAnswers>();
        builder.Services.AddScoped<OrderProgress>();
        builder.Services.AddScoped<Cancellation>();
        builder.Services.AddSingleton<Reconciler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Reconciler>());
    }
}
