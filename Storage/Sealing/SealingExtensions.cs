using SecureShop.ServiceDefaults.Settings;

namespace SecureShop.Storage.Sealing;

/// <summary>Personal fields that a copy of the database does not show.</summary>
public static class SealingExtensions
{
    /// <summary>Seals values of the schema of <typeparamref name="TContext"/>: ask for <see cref="PersonalSeals"/>.</summary>
    public static void AddSealing<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidatedOptions<SealingOptions, SealingOptions.Validator>(SealingOptions.Section);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<MasterKeys>();
        builder.Services.AddSingleton<KeyCache>();
        builder.Services.AddSingleton<PersonalSeals, PersonalSeals<TContext>>();
        builder.Services.AddSingleton<Rewrapping<TContext>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Rewrapping<TContext>>());
    }

    /// <summary>Adds the table of customers' keys to a model.</summary>
    public static void MapSealing(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new DataKeyMapping());
    }
}
