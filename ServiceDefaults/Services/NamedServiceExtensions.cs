using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Services;

internal static class NamedServiceExtensions
{
    /// <summary>
    /// Lets the client reach <paramref name="service"/> only, over verified TLS, within limits of time and size. What
    /// <paramref name="calls"/> adds sees what the guard lets in, and no address yet.
    /// </summary>
    public static IHttpClientBuilder AddNamedService(this IHttpClientBuilder client, string service, Action<IHttpClientBuilder>? calls = null)
    {
        client.Services.AddKnownServices(service);
        client.AddHttpMessageHandler(() => new NameGuard(service));
        calls?.Invoke(client);
        return client
            .ConfigureHttpClient(http =>
            {
                http.BaseAddress = new Uri($"https://{service}");
                http.Timeout = TimeSpan.FromSeconds(15);
            })
            .ConfigurePrimaryHttpMessageHandler(services => ServiceConnection.CreateHandler(services.GetRequiredService<IConfiguration>()))

            // Connections renew themselves; the handlers keep their state (the turn of the replicas).
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

            .AddHttpMessageHandler(services => new NamedServiceHandler(service, services.GetRequiredService<TimeProvider>()))
            .AddServiceDiscovery()
            .AddHttpMessageHandler(services => new AddressGuard(service, services.GetRequiredService<IConfiguration>()));
    }
}
