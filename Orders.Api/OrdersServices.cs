using SecureShop.Orders.Bounds;
using SecureShop.Orders.Data;
using SecureShop.Orders.Orders;
using SecureShop.Orders.Payments;
using SecureShop.Orders.Personal;
using SecureShop.Orders.Placing;
using SecureShop.Orders.Progress;
using SecureShop.Orders.Refunds;
using SecureShop.Orders.Shipping;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Outbox;
using SecureShop.Storage.Payments;
using SecureShop.Storage.PersonalData;

namespace SecureShop.Orders;

/// <summary>Registers what is particular to this service.</summary>
internal static class OrdersServices
{
    public static void AddOrders(this IHostApplicationBuilder builder)
    {
        // Has to be called in this project: its generator finds the types to validate among this project's handlers.
        builder.Services.AddValidation();

        // For events of what is done within a request.
        builder.Services.AddHttpContextAccessor();

        builder.AddValidatedOptions<ShopOptions, ShopOptions.Validator>(ShopOptions.Section);
        builder.AddValidatedOptions<ProgressOptions, ProgressOptions.Validator>(ProgressOptions.Section);

        builder.AddValidatedOptions<BoundsOptions, BoundsOptions.Validator>(BoundsOptions.Section);

        builder.AddPayments<OrdersDbContext>();
        builder.Services.AddScoped<PaymentDesk>();

        builder.Services.AddScoped<OrderQueries>();
        builder.Services.AddScoped<Deliveries>();
        builder.Services.AddScoped<CustomerBounds>();
        builder.Services.AddScoped<OrderChanges>();
        builder.Services.AddScoped<IdempotencyKeys>();
        builder.Services.AddScoped<PlaceOrderResults>();
        builder.Services.AddScoped<OrderProgress>();
        builder.Services.AddScoped<Cancellation>();
        builder.AddValidatedOptions<RefundOptions, RefundOptions.Validator>(RefundOptions.Section);
        builder.Services.AddScoped<Sales>();
        builder.Services.AddScoped<RefundDesk>();

        builder.AddPersonalData<CustomerData>();
        builder.AddOutbox<OrdersDbContext>();
        builder.Services.AddOutboxHandler<OrderProgress>(Enum.GetValues<OrderState>().Select(state => state.Step()).OfType<string>().Distinct(StringComparer.Ordinal));
        builder.Services.AddOutboxHandler<RefundDesk>(RefundDesk.Kind);
    }
}
