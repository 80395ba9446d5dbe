using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Services;

internal static class NamedServiceExtensions
{
    /// <summary>Lets the client reach <paramref name="service"/> only, over verified TLS, within limits of time and size.</summary>
    public static IHttpClientBuilder AddNamedService(this IHttpClientBuilder client, string service)
    {
        client.Services.AddKnownServices(service);
        return client
            .ConfigureHttpClient(http =>
            {
                http.BaseAddress = new Uri($"https://{service}");
                http.Timeout = TimeSpan.FromSeconds(15);
            })
            .ConfigurePrimaryHttpMessageHandler(services => ServiceConnection.CreateHandler(services.GetRequiredService<IConfiguration>()))

            // Connections renew themselves; the handlers keep their state (the turn of the replicas).
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

            // The guard looks at the name; only what it lets pass gets an address.
            .AddHttpMessageHandler(services => new NamedServiceHandler(service, services.GetRequiredService<TimeProvider>()))
            .AddServiceDiscovery();
    }
}
