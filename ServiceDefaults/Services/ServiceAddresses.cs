using Microsoft.Extensions.Configuration;

namespace SecureShop.ServiceDefaults;

/// <summary>Where services listen: the configuration's <c>services:{name}:https:{n}</c>, as Aspire sets it.</summary>
public static class ServiceAddresses
{
    /// <summary>The https addresses of the replicas of <paramref name="service"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none, or one is no https origin.</exception>
    public static IReadOnlyList<Uri> Resolve(IConfiguration configuration, string service)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(service);
        var addresses = configuration.GetSection($"services:{service}:https").GetChildren()
            .Select(entry => entry.Value)
            .OfType<string>()
            .Select(value => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme == "https"
                ? address
                : throw new InvalidOperationException($"services__{service}__https must be https addresses."))
            .ToList();
        return addresses.Count > 0
            ? addresses
            : throw new InvalidOperationException($"The address of {service} is not known: set services__{service}__https__0.");
    }
}
