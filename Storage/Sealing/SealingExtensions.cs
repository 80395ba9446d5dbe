using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Data.Callers;

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

    /// <summary>The same where rows keep what they seal themselves, and are found by it: <see cref="IFoundRow"/>, <see cref="LookupHash"/>.</summary>
    /// <param name="builder">The service's.</param>
    /// <param name="reader">In whose name the start may read one of them, to see that the lookup key is theirs.</param>
    public static void AddSealedRows<TContext, TRow>(this IHostApplicationBuilder builder, DatabaseTask reader)
        where TContext : DbContext
        where TRow : class, IFoundRow
    {
        builder.AddSealing<TContext>();
        builder.AddValidatedOptions<LookupOptions, LookupOptions.Validator>(LookupOptions.Section);
        builder.Services.AddRowSeals();
        builder.Services.ConfigureDbContext<TContext>(options => options.UseSealedRows());
        builder.Services.AddHostedService(services => new LookupKeyCheck<TContext, TRow>(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<LookupHash>(), reader));
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

    /// <summary>Maps the key of a row, and the texts that it keeps sealed. Their lengths are judged before; the checks are for who writes past the service.</summary>
    /// <param name="builder">The row's.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="texts">The properties with the sealed bytes, with column and longest text.</param>
    public static void MapSealedRow<TRow>(this EntityTypeBuilder<TRow> builder, string table, params IReadOnlyList<(string Property, string Column, int Longest)> texts)
        where TRow : class, ISealedRow
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(texts);
        builder.ToTable(table, made =>
        {
            made.HasCheckConstraint($"ck_{table}_key_owner", "key_owner = id::text");

            // A character has four bytes at most.
            foreach (var (_, column, longest) in texts)
                made.HasCheckConstraint($"ck_{table}_{column}", $"octet_length({column}) between {Seal.Overhead} and {Seal.Overhead + (4 * longest)}");
        });
        foreach (var (property, column, _) in texts)
            builder.Property<byte[]?>(property).HasColumnName(column);
        builder.HasOne(typeof(DataKey), nameof(ISealedRow.Key)).WithOne().HasForeignKey(typeof(TRow), "KeyOwner").HasConstraintName($"fk_{table}_data_keys");
        builder.Navigation(nameof(ISealedRow.Key)).AutoInclude();
    }

    private static IServiceCollection AddRowSeals(this IServiceCollection services)
        => services.AddSingleton<RowSeals>().AddSingleton(provider => new LookupHash(provider.GetRequiredService<IOptions<LookupOptions>>()));
}
