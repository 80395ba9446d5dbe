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
                .Validate<IConfiguration>((_, configuration) => IsKnown(configuration, name), $"Set services__{name}__https__0 (and __1 ...), and no other, to the https addresses of {name}, such as https://{name}.example.")
                .ValidateOnStart();
        }

        return services;
    }

    /// <summary>The addresses of <paramref name="name"/>, of which each is an https origin: none with a path, a query or a user in it.</summary>
    internal static List<Uri> Addresses(IConfiguration configuration, string name) =>
        [.. Values(configuration, name).Select(Origin).OfType<Uri>()];

    private static bool IsKnown(IConfiguration configuration, string name)
    {
        var values = Values(configuration, name).ToList();
        return values.Count > 0 && values.TrueForAll(value => Origin(value) is not null)

            // What the framework would take instead, of any scheme.
            && string.IsNullOrEmpty(configuration[$"services:{name}:https"]) && !configuration.GetSection($"services:{name}:default").Exists();
    }

    private static IEnumerable<string?> Values(IConfiguration configuration, string name)
        => configuration.GetSection($"services:{name}:https").GetChildren().Select(entry => entry.Value);

    private static Uri? Origin(string? value)
        => Uri.TryCreate(value, UriKind.Absolute, out var address) && address is { Scheme: "https", UserInfo: "", PathAndQuery: "/", Fragment: "" } ? address : null;
}
