using SecureShop.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace SecureShop.Gateway.Routes;

/// <summary>Replaces <c>https://{service}</c> by the addresses of its replicas, the same way as service clients do.</summary>
internal sealed class ServiceDestinations(IConfiguration configuration) : IDestinationResolver
{
    public ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal);
        foreach (var (name, destination) in destinations)
        {
            foreach (var (number, address) in ServiceAddresses.Resolve(configuration, new Uri(destination.Address).Host).Index())
                resolved[$"{name}-{number}"] = destination with { Address = address.AbsoluteUri };
        }

        return ValueTask.FromResult(new ResolvedDestinationCollection(resolved, null));
    }
}
