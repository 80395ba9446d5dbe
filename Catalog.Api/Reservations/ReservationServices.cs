using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Catalog.Reservations;

/// <summary>Registers reservations, and the look for those whose time is over.</summary>
internal static class ReservationServices
{
    public static void AddReservations(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<ReservationOptions, ReservationOptions.Validator>(ReservationOptions.Section);
        builder.Services.AddScoped<StockReservations>();
        builder.Services.AddSingleton<ReservationExpiry>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReservationExpiry>());
    }
}
