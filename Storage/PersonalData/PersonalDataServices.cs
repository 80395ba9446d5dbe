using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Routing;
using SecureShop.ServiceDefaults.Access;
using SecureShop.ServiceDefaults.Events;
using SecureShop.ServiceDefaults.Services;
using SecureShop.ServiceDefaults.Settings;
using SecureShop.Storage.Data;

namespace SecureShop.Storage.PersonalData;

/// <summary>What people may ask of all that keep something about them: a copy, and an end of it.</summary>
public static class PersonalDataServices
{
    /// <summary>Keeps the requests in the schema of <typeparamref name="TContext"/>: ask for <see cref="PersonalRequests"/>. The service has data protection.</summary>
    public static void AddPersonalRequests<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        services.AddDataProtection();
        services.AddScoped(provider => new PersonalRequests(
            provider.GetRequiredService<TContext>(), provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<SecurityLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITidying, ExpiredRequests>();
    }

    /// <summary>Adds their tables to a model.</summary>
    public static void MapPersonalRequests(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.ApplyConfiguration(new PersonalRequestMapping());
        model.ApplyConfiguration(new PersonalPartMapping());
    }

    /// <summary>Maps where services ask for their parts and answer them.</summary>
    public static void MapPersonalParts(this IEndpointRouteBuilder app) => PersonalPartEndpoints.Map(app);

    /// <summary>Has a service answer what people ask of it, by <typeparamref name="TData"/>.</summary>
    public static void AddPersonalData<TData>(this IHostApplicationBuilder builder)
        where TData : class, IPersonalData
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddValidatedOptions<PersonalDataOptions, PersonalDataOptions.Validator>(PersonalDataOptions.Section);
        builder.AddServiceClient<PersonalDataClient>("identity", Scope.PersonalAnswer);
        builder.Services.AddScoped<IPersonalData, TData>();
        builder.Services.AddSingleton<PersonalDataWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PersonalDataWorker>());
    }

    private sealed class ExpiredRequests : ITidying
    {
        public Task RemoveExpiredAsync(IServiceProvider services, DateTimeOffset now, CancellationToken cancellationToken)
            => services.GetRequiredService<PersonalRequests>().RemoveExpiredAsync(now, cancellationToken);
    }
}
