using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Catalog.GuestCache;

/// <summary>Registers what is kept for guests; with no memory for it there is none.</summary>
internal static class GuestCacheExtensions
{
    private const long LargestAnswer = 256 * 1024;

    public static void AddGuestCache(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<GuestCacheOptions, GuestCacheOptions.Validator>(GuestCacheOptions.Section);
        var memory = builder.Configuration.GetValidatedOptions<GuestCacheOptions, GuestCacheOptions.Validator>(GuestCacheOptions.Section).Megabytes;
        builder.Services.AddSingleton<ProductChanges>();
        builder.Services.AddSingleton<GuestCachePolicy>();
        builder.Services.AddOutputCache(options => (options.SizeLimit, options.MaximumBodySize) = (memory * 1024L * 1024L, LargestAnswer));

        // Nobody who listens, nothing that is kept.
        if (memory > 0)
            builder.Services.AddHostedService<ProductChangesListener>();
    }

    /// <summary>What the endpoint answers to guests depends on published products and nothing else.</summary>
    public static TBuilder KeptForGuests<TBuilder>(this TBuilder endpoint, IEndpointRouteBuilder app)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.CacheOutput(app.ServiceProvider.GetRequiredService<GuestCachePolicy>());
}
