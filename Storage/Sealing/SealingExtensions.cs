using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Events;
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

    /// <summary>The same where rows keep what they seal themselves, and are found by it: <see cref="ISealedRow"/>, <see cref="LookupHash"/>.</summary>
    public static void AddSealedRows<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        builder.AddSealing<TContext>();
        builder.AddValidatedOptions<LookupOptions, LookupOptions.Validator>(LookupOptions.Section);
        builder.Services.AddRowSeals();
        builder.Services.ConfigureDbContext<TContext>(options => options.UseSealedRows());
    }

    /// <summary>What a context of <see cref="UseSealedRows"/> seals and opens by, for who is no service: tools, and the Database job.</summary>
    public static IServiceCollection AddSealedRows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(Options.Create(configuration.GetValidatedOptions<SealingOptions, SealingOptions.Validator>(SealingOptions.Section)));
        services.AddSingleton(Options.Create(configuration.GetValidatedOptions<LookupOptions, LookupOptions.Validator>(LookupOptions.Section)));
        services.AddSingleton<MasterKeys>().AddSingleton<SecurityLog>();
        return services.AddRowSeals();
    }

    /// <summary>Has the rows of a context sealed and opened.</summary>
    public static DbContextOptionsBuilder UseSealedRows(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddInterceptors(SealedRows.Instance);
    }

    /// <summary>Adds the table of customers' keys to a model.</summary>
    public static void MapSealing(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new DataKeyMapping());
    }
    private static IServiceCollection AddRowSeals(this IServiceCollection services)
        => services.AddSingleton<RowSeals>().AddSingleton(provider => new LookupHash(provider.GetRequiredService<IOptions<LookupOptions>>()));
}
