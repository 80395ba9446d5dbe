using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SecureShop.ServiceDefaults.Services;

internal static class NamedServiceExtensions
{
    /// <summary>Lets the client reach <paramref name="service"/> only, over verified TLS, within limits of time and size.</summary>
    public static IHttpClientBuilder AddNamedService(this IHttpClientBuilder client, string service) => client
        .ConfigureHttpClient(http =>
        {
            http.BaseAddress = new Uri($"https://{service}");
            http.Timeout = TimeSpan.FromSeconds(15);
        })
        .ConfigurePrimaryHttpMessageHandler(services => ServiceConnection.CreateHandler(services.GetRequiredService<IConfiguration>()))

        // Connections renew themselves; the handlers keep their state (circuit, turn).
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .AddHttpMessageHandler(services => new NamedServiceHandler(
            service, services.GetRequiredService<IConfiguration>(), services.GetRequiredService<TimeProvider>()));
}
