using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace SecureShop.ServiceDefaults;

/// <summary>Where services listen: <c>services:{name}:https:{n}</c> of the configuration, as Aspire sets it.</summary>
public static class KnownServices
{
    /// <summary>Resolves <paramref name="names"/>, and nothing else; the start fails when an address is missing or not https.</summary>
    public static IServiceCollection AddKnownServices(this IServiceCollection services, params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        services.AddServiceDiscoveryCore(options =>
        {
            options.AllowAllSchemes = false;
            options.AllowedSchemes = [Uri.UriSchemeHttps];
        });

        // The configuration alone. The usual second provider takes a name that nobody configured for a host of the network's,
        // and a call with a token would go wherever DNS says.
        if (services.All(service => service.ServiceType != typeof(IServiceEndpointProviderFactory)))
            services.AddConfigurationServiceEndpointProvider();

        foreach (var name in names)
        {
            services.AddOptions<ServiceDiscoveryOptions>()
                .Validate<IConfiguration>((_, configuration) => IsKnown(configuration, name), $"Set services__{name}__https__0 (and __1 ...) to the https addresses of {name}.")
                .ValidateOnStart();
        }

        return services;
    }

    private static bool IsKnown(IConfiguration configuration, string name)
        => configuration.GetSection($"services:{name}:https").GetChildren().Select(entry => entry.Value).ToList() is { Count: > 0 } addresses
            && addresses.TrueForAll(value => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps);
}
